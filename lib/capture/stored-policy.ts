import { type CapturePolicy, shippedPolicy } from "@/lib/audit/capture/policy"
import type { JsonObject } from "@/lib/audit/json/value"
import type { Tx } from "@/lib/database/tx"

/** A version of an organization's policy, as it was saved. */
export interface StoredPolicy {
  /** 0 = none was ever saved: it is the shipped one. */
  readonly version: number
  readonly policy: CapturePolicy
  /** Whether a support dump contains the captured calls. */
  readonly supportDumpIncludes: boolean
}

/** What an organization has that never saved a policy. */
export const shipped: StoredPolicy = { version: 0, policy: shippedPolicy, supportDumpIncludes: false }

interface Row {
  readonly version: number
  readonly policy: JsonObject
  readonly supportDumpIncludes: boolean
}

/** Returns the policy of the organization of the transaction that counts. */
export async function readStoredPolicy(tx: Tx, organizationId: string): Promise<StoredPolicy> {
  const [row] = await tx.query<Row>(
    `SELECT p.version, p.policy, p.support_dump_includes AS "supportDumpIncludes"
     FROM organization o JOIN capture_policy p ON p.organization_id = o.id AND p.version = o.capture_version
     WHERE o.id = $1::uuid`,
    [organizationId],
  )
  return row ? { ...row, policy: policyOf(row.policy) } : shipped
}

/**
 * Returns the policy of a row. The cast is safe: it was parsed before it was stored; members that it lacks are younger than the row, and have
 * the shipped values.
 */
export function policyOf(stored: JsonObject): CapturePolicy {
  return { ...shippedPolicy, ...(stored as unknown as CapturePolicy) }
}
