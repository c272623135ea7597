import { parsePolicy } from "@/lib/audit/capture/parse-policy"
import type { CapturePolicy } from "@/lib/audit/capture/policy"
import { AppError } from "@/lib/errors"
import { invalidInput } from "@/lib/operations/core/input"
import type { Context, Work } from "@/lib/operations/core/operation"

/** Who reads a policy that was sent: the apps of the organization are those that it may name. */
export type DraftWork = Pick<Work, "tx" | "organization"> & Pick<Context, "capturePolicies">

/**
 * Returns the policy that was sent, whose faults point into the member `policy`. Throws AppError `invalid` with every fault.
 * `before` is the policy that counts now.
 */
export async function readDraft(
  work: DraftWork,
  before: CapturePolicy,
  sent: unknown,
): Promise<CapturePolicy> {
  const rulesBefore = work.capturePolicies.environment.policy.rules.length
  try {
    return parsePolicy(sent, await appsFor(work, before), { rulesBefore })
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "invalid") throw error
    throw invalidInput(error.faults.map(fault => ({ ...fault, pointer: `/policy${fault.pointer}` })))
  }
}

/** An app that was renamed since does not keep the rest of the policy from being saved. */
async function appsFor(
  { tx, organization }: DraftWork,
  { rules }: CapturePolicy,
): Promise<readonly string[]> {
  const sql = "SELECT slug FROM app WHERE organization_id = $1::uuid"
  const apps = await tx.query<{ slug: string }>(sql, [organization.id])
  return [...new Set([...apps.map(({ slug }) => slug), ...rules.flatMap(({ when }) => when.apps ?? [])])]
}
