import { z } from "zod"
import { parsePolicy } from "@/lib/audit/capture/parse-policy"
import type { CapturePolicy } from "@/lib/audit/capture/policy"
import { AppError } from "@/lib/errors"
import { invalidInput } from "@/lib/operations/core/input"
import { operation, type Work } from "@/lib/operations/core/operation"
import { changesOf } from "./changes"
import { currentWithin } from "./current"
import { refuseUnexpected } from "./expected"
import { withoutLocked } from "./locks"
import { answerOf, type PolicyAnswer } from "./policy"
import { aboutChange, savePolicy } from "./save"

/**
 * Replaces the policy. Throws AppError: `precondition-failed` when another one counts than the caller expects, `invalid`
 * with every fault, `locked` for another value of what the environment sets.
 */
export const updateCapturePolicy = operation({
  name: "capture_policy.update",
  summary: "Decides what is recorded of API calls.",
  permission: "CAPTURE-MANAGEMENT",
  effect: "write",
  input: z.strictObject({
    policy: z.custom<unknown>(value => value !== undefined, "This is missing."),
    /** The version that the caller has read. */
    version: z.int().min(0).optional(),
    /** The same, as the header If-Match. */
    ifMatch: z.string().max(2_000).optional(),
    /** Comes with the answer of a reading, and may be sent back. */
    locks: z.unknown().optional(),
  }),
  run: async (context, { policy: sent, version, ifMatch }) => {
    const { tx, organization, capturePolicies } = context
    const before = await currentWithin(tx, organization.id, capturePolicies)
    refuseUnexpected({ version, ifMatch }, before)
    const rulesBefore = capturePolicies.environment.policy.rules.length
    const wanted = await readPolicy({ tx, organization }, before.policy, sent, rulesBefore)
    const policy = withoutLocked(
      wanted,
      before,
      capturePolicies.environment,
      lock => `/policy${lock.pointer}`,
    )
    const saving = { policy, supportDumpIncludes: before.supportDumpIncludes }
    const saved = await savePolicy(context, before, saving)
    const after = await currentWithin(tx, organization.id, capturePolicies)
    const value: PolicyAnswer = answerOf(after)
    return {
      value,
      event: aboutChange(context, {
        changes: changesOf(before.stored, policy),
        version: saved,
        previous: before.version,
      }),
    }
  },
})

/** Returns the policy that was sent, checked against the apps of the organization. */
async function readPolicy(
  work: Pick<Work, "tx" | "organization">,
  before: CapturePolicy,
  sent: unknown,
  rulesBefore: number,
): Promise<CapturePolicy> {
  try {
    return parsePolicy(sent, await appsFor(work, before), { rulesBefore })
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "invalid") throw error
    throw invalidInput(error.faults.map(fault => ({ ...fault, pointer: `/policy${fault.pointer}` })))
  }
}

/** An app that was renamed since does not keep the rest of the policy from being saved. */
async function appsFor(
  { tx, organization }: Pick<Work, "tx" | "organization">,
  { rules }: CapturePolicy,
): Promise<readonly string[]> {
  const sql = "SELECT slug FROM app WHERE organization_id = $1::uuid"
  const apps = await tx.query<{ slug: string }>(sql, [organization.id])
  return [...new Set([...apps.map(({ slug }) => slug), ...rules.flatMap(({ when }) => when.apps ?? [])])]
}
