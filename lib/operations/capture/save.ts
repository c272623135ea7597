import type { CapturePolicy } from "@/lib/audit/capture/policy"
import type { Change } from "@/lib/audit/event/event"
import { canonicalJson } from "@/lib/audit/json/canonical"
import type { CurrentPolicy } from "@/lib/capture/current-policy"
import { AppError } from "@/lib/errors"
import type { About, Caller, WriteContext } from "@/lib/operations/core/operation"

/** What is saved: without the environment. */
export interface Saving {
  readonly policy: CapturePolicy
  readonly supportDumpIncludes: boolean
}

type Saver = Pick<WriteContext, "tx" | "caller" | "organization" | "capturePolicies">

/** Stores a new version of the policy, unless nothing changes. Returns the version that counts from now on. */
export async function savePolicy(
  { tx, caller, organization, capturePolicies }: Saver,
  before: CurrentPolicy,
  after: Saving,
): Promise<number> {
  if (!changesAnything(before, after)) return before.version
  const version = before.version + 1
  const [moved] = await tx.query<{ id: string }>(
    "UPDATE organization SET capture_version = $2 WHERE id = $1::uuid AND capture_version = $3 RETURNING id",
    [organization.id, version, before.version],
  )
  // Writes of an organization run one after the other.
  if (!moved) throw new AppError("internal", "A policy was changed outside of its turn.")
  const { type, id, name } = saverOf(caller)
  await tx.query(
    `INSERT INTO capture_policy (organization_id, version, policy, support_dump_includes, created_at, actor_type, actor_id, actor_name)
     VALUES ($1::uuid, $2, $3::jsonb, $4, $5, $6, $7, $8)`,
    [
      ...[organization.id, version, JSON.stringify(after.policy), after.supportDumpIncludes],
      ...[caller.at, type, id, name],
    ],
  )
  capturePolicies.forget(organization.id)
  return version
}

function changesAnything(before: CurrentPolicy, after: Saving): boolean {
  return (
    before.supportDumpIncludes !== after.supportDumpIncludes ||
    canonicalJson(before.stored) !== canonicalJson(after.policy)
  )
}

function saverOf({ principal }: Caller): {
  readonly type: string
  readonly id: string
  readonly name: string
} {
  switch (principal.kind) {
    case "person":
      return { type: "user", id: principal.personId, name: principal.name }
    case "api-key":
      return { type: "api_key", id: principal.keyId, name: principal.name }
    case "job":
      return { type: "system", id: principal.name, name: principal.name }
    case "anonymous":
      throw new AppError("internal", "A policy was to be saved by nobody.")
  }
}

/** Returns what the event of a change says. */
export function aboutChange(
  { organization }: Pick<Saver, "organization">,
  {
    changes,
    version,
    previous,
  }: { readonly changes: readonly Change[]; readonly version: number; readonly previous: number },
): About {
  return {
    targets: [{ type: "capture_policy", id: organization.id, name: "Capture policy" }],
    description:
      changes.length === 0
        ? "What is recorded of API calls stayed as it was."
        : "What is recorded of API calls was changed.",
    ...(version !== previous && { details: [`It is version ${version} now.`] }),
    changes,
  }
}

/** Returns the change of whether a support dump contains the captured calls. */
export function changeOfDump(
  before: Pick<Saving, "supportDumpIncludes">,
  after: Pick<Saving, "supportDumpIncludes">,
): readonly Change[] {
  const [was, is] = [before.supportDumpIncludes, after.supportDumpIncludes]
  return was === is ? [] : [{ path: "/supportDumpIncludes", before: was, after: is }]
}
