import { z } from "zod"
import type { Change } from "@/lib/audit/event/event"
import type { JsonObject } from "@/lib/audit/json/value"
import { policyOf, shipped } from "@/lib/capture/stored-policy"
import { operation } from "@/lib/operations/core/operation"
import { changesOf } from "./changes"
import { changeOfDump } from "./save"

/** A version of the policy: who saved it, when, and what was different from the version before. */
export interface PolicyVersion {
  readonly version: number
  readonly createdAt: string
  readonly actor: { readonly type: string; readonly id: string; readonly name: string }
  readonly changes: readonly Change[]
}

export interface PolicyHistory {
  /** The newest first. */
  readonly versions: readonly PolicyVersion[]
  /** The version to continue before; null when there are no older ones. */
  readonly next: number | null
}

interface Row {
  readonly version: number
  readonly policy: JsonObject
  readonly supportDumpIncludes: boolean
  readonly createdAt: string
  readonly actorType: string
  readonly actorId: string
  readonly actorName: string
}

/** Lists the versions of the policy, the newest first. */
export const listCapturePolicyVersions = operation({
  name: "capture_policy.list_versions",
  summary: "Lists who changed what is recorded of API calls, when, and what was changed.",
  permission: "CAPTURE-MANAGEMENT",
  effect: "read",
  input: z.strictObject({
    before: z.int().min(1).optional(),
    limit: z.int().min(1).max(100).default(20),
  }),
  run: async ({ organization, read }, { before, limit }): Promise<PolicyHistory> => {
    const rows = await read(({ tx }) =>
      tx.query<Row>(
        `SELECT version, policy, support_dump_includes AS "supportDumpIncludes",
           to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "createdAt",
           actor_type AS "actorType", actor_id AS "actorId", actor_name AS "actorName"
         FROM capture_policy WHERE organization_id = $1::uuid AND ($2::int IS NULL OR version < $2)
         ORDER BY version DESC LIMIT $3`,
        [organization.id, before ?? null, limit + 1],
      ),
    )
    const versions = rows.slice(0, limit).map((row, position) => describe(row, rows[position + 1]))
    return { versions, next: rows.length > limit ? (versions.at(-1)?.version ?? null) : null }
  },
})

function describe(row: Row, previous: Row | undefined): PolicyVersion {
  const { version, createdAt, actorType, actorId, actorName } = row
  const before = previous ? { ...previous, policy: policyOf(previous.policy) } : shipped
  const changes = [...changesOf(before.policy, policyOf(row.policy)), ...changeOfDump(before, row)]
  return { version, createdAt, actor: { type: actorType, id: actorId, name: actorName }, changes }
}
