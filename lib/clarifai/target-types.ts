/**
 * The types of targets that the protocol has, one a line: type, what else its message tells, and our own type of target that
 * means the same. To add a type, add a line here and its field in `proto.ts`.
 */
// biome-ignore format: one type a line
export const targetTypes = [
  { type: "user", field: 1 },
  { type: "role", field: 2, hasName: true },
  { type: "team", field: 3, hasName: true, ours: "group" },
  { type: "app", field: 4, hasName: true, ours: "application" },
  { type: "module", field: 5 },
  { type: "module_version", field: 6 },
  { type: "workflow", field: 7, lists: ["use_cases", "check_consents"] },
  { type: "workflow_version", field: 8 },
  { type: "model", field: 9, hasName: true, hasApp: true, lists: ["toolkits", "use_cases", "languages", "languages_full", "check_consents"] },
  { type: "model_version", field: 10 },
  { type: "compute_cluster", field: 11 },
  { type: "nodepool", field: 12 },
  { type: "deployment", field: 13 },
] as const satisfies readonly TargetType[]

/** What is known about a type of target. */
export interface TargetType {
  readonly type: string
  /** The number of its field in `AuditLogTarget`. */
  readonly field: number
  /** Its message has a name. */
  readonly hasName?: true
  /** Its message has `app_id`, which the JSON form shows even when it is empty. */
  readonly hasApp?: true
  /** The lists that the JSON form shows even when they are empty. */
  readonly lists?: readonly string[]
  /** Our type of target that is shown as this one and found by it. */
  readonly ours?: string
}

export type ClarifaiTargetType = (typeof targetTypes)[number]["type"]

const byName: ReadonlyMap<string, TargetType & { readonly type: ClarifaiTargetType }> = new Map(
  targetTypes.flatMap(one => [
    [one.type, one] as const,
    ...("ours" in one ? [[one.ours, one] as const] : []),
  ]),
)

/** Returns the type of the protocol that a target of ours is shown as, or null when the protocol has none. */
export function targetTypeOf(type: string): (TargetType & { readonly type: ClarifaiTargetType }) | null {
  return byName.get(type) ?? null
}

/** Returns the types of our targets that a type of the protocol finds. */
export function typesFoundBy(type: ClarifaiTargetType): readonly string[] {
  const ours = byName.get(type)?.ours
  return ours === undefined ? [type] : [type, ours]
}
