import type { Target } from "@/lib/audit/event/event"
import type { Tx } from "@/lib/database/tx"
import type { Platform } from "@/lib/platform"
import type { AnyOperation, Caller } from "./core/operation"

type Kind = "role" | "group" | "invitation" | "api_key" | "user" | "application" | "sink"

/** What the field `id` of an operation's input names, by the first part of the operation's name. */
const kindOfId: Readonly<Record<string, Kind>> = {
  role: "role",
  organization_team: "group",
  organization_team_member: "group",
  organization_team_role: "group",
  organization_team_app: "group",
  organization_member_invitation: "invitation",
  api_key: "api_key",
  sink: "sink",
}

// Only what belongs to the caller's organization: everything else is never named.
const lookUps: Readonly<Record<Kind, string>> = {
  role: "SELECT id, name FROM role WHERE organization_id = $1::uuid AND id::text = $2",
  group: "SELECT id, name FROM member_group WHERE organization_id = $1::uuid AND id::text = $2",
  invitation: "SELECT id, email AS name FROM invitation WHERE organization_id = $1::uuid AND id::text = $2",
  api_key: "SELECT id, name FROM api_key WHERE organization_id = $1::uuid AND id::text = $2",
  sink: "SELECT id, name FROM sink WHERE organization_id = $1::uuid AND id::text = $2",
  application: "SELECT id, name FROM app WHERE organization_id = $1::uuid AND slug = $2",
  user: `SELECT person.id, person.name FROM membership JOIN person ON person.id = membership.person_id
    WHERE membership.organization_id = $1::uuid AND person.id::text = $2`,
}

interface Named {
  readonly kind: Kind
  readonly value: string
}

/**
 * Returns what an operation's input names: its own `id`, a member, an app. Not the parts to add to it or to remove
 * from it.
 */
export function namedIn(operation: Pick<AnyOperation, "name">, input: unknown): readonly Named[] {
  if (typeof input !== "object" || input === null) return []
  const { id, personId, app } = Object(input) as Readonly<Record<string, unknown>>
  const kind = kindOfId[operation.name.split(".")[0] ?? ""]
  return [
    ...(kind !== undefined && typeof id === "string" ? [{ kind, value: id }] : []),
    ...(typeof personId === "string" ? [{ kind: "user" as const, value: personId }] : []),
    ...(typeof app === "string" ? [{ kind: "application" as const, value: app }] : []),
  ]
}

/**
 * Returns the targets of a failed attempt: what its input names, if the organization of the caller has it. Only for
 * valid input: then the caller was authorised to work with such things.
 */
export async function subjectsOf(
  operation: Pick<AnyOperation, "name" | "permission">,
  { principal: { organization } }: Caller,
  { input, platform }: { readonly input: unknown; readonly platform: Platform },
): Promise<readonly Target[]> {
  const isOpen = operation.permission === "public" || operation.permission === "signed-in"
  const named = isOpen ? [] : namedIn(operation, input)
  if (organization === null || named.length === 0) return []
  return platform.database.withOrganization(organization.id, tx => inOrder(tx, organization.id, named), {
    readOnly: true,
  })
}

async function inOrder(tx: Tx, organizationId: string, named: readonly Named[]): Promise<Target[]> {
  const targets: Target[] = []
  for (const { kind, value } of named) {
    // PostgreSQL text cannot hold a NUL.
    if (value.includes("\0")) continue
    const [row] = await tx.query<{ readonly id: string; readonly name: string }>(lookUps[kind], [
      organizationId,
      value,
    ])
    if (row) targets.push({ type: kind, id: row.id, name: row.name })
  }
  return targets
}
