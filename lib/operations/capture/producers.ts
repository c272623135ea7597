import { z } from "zod"
import { operation } from "@/lib/operations/core/operation"
import { currentWithin } from "./current"

/** A running SDK or proxy, as its last report described it. */
export interface CaptureProducer {
  readonly app: { readonly slug: string; readonly name: string }
  readonly instance: string
  readonly kind: string
  readonly version: string
  readonly profile: string | null
  readonly host: string | null
  /** The version of the policy that it follows; null = it never had one, and records metadata. */
  readonly policyVersion: number | null
  /** Calls that it could not record, since its start. */
  readonly dropped: number
  readonly droppedAt: string | null
  readonly firstSeenAt: string
  readonly lastSeenAt: string
}

export interface CaptureProducers {
  /** The ones seen last, at most 500. */
  readonly producers: readonly CaptureProducer[]
  readonly total: number
  /** Instances that have lost calls within the last day, and how many each lost since its start in all. */
  readonly losses: { readonly instances: number; readonly dropped: number }
  /** The version of the policy that counts. */
  readonly policyVersion: number
}

const mostListed = 500
const instant = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** Lists the SDKs and proxies that report to the organization. */
export const listCaptureProducers = operation({
  name: "capture_producer.list",
  summary: "Lists the SDKs and proxies that report, with the policy that each follows and what it lost.",
  permission: "CAPTURE-MANAGEMENT",
  effect: "read",
  input: z.strictObject({}),
  run: async ({ caller, organization, capturePolicies, read }): Promise<CaptureProducers> =>
    read(async ({ tx }) => {
      const dayAgo = new Date(caller.at.getTime() - 24 * 60 * 60 * 1000)
      const rows = await tx.query<Omit<CaptureProducer, "app"> & { slug: string; name: string }>(
        `SELECT a.slug, a.name, i.instance, i.kind, i.version, i.profile, i.host, i.policy_version AS "policyVersion",
           i.dropped, ${instant("i.dropped_at")} AS "droppedAt", ${instant("i.first_seen_at")} AS "firstSeenAt",
           ${instant("i.last_seen_at")} AS "lastSeenAt"
         FROM capture_instance i JOIN app a ON a.organization_id = i.organization_id AND a.id = i.app_id
         WHERE i.organization_id = $1::uuid ORDER BY i.last_seen_at DESC, a.slug, i.instance LIMIT ${mostListed}`,
        [organization.id],
      )
      const [sums] = await tx.query<{ total: number; instances: number; dropped: number }>(
        `SELECT count(*)::int AS total, (count(*) FILTER (WHERE dropped_at > $2))::int AS instances,
           least(coalesce(sum(dropped) FILTER (WHERE dropped_at > $2), 0), 9007199254740991)::bigint AS dropped
         FROM capture_instance WHERE organization_id = $1::uuid`,
        [organization.id, dayAgo],
      )
      const { version } = await currentWithin(tx, organization.id, capturePolicies)
      return {
        producers: rows.map(({ slug, name, ...producer }) => ({ app: { slug, name }, ...producer })),
        total: sums?.total ?? 0,
        losses: { instances: sums?.instances ?? 0, dropped: sums?.dropped ?? 0 },
        policyVersion: version,
      }
    }),
})
