import { z } from "zod"
import { operation } from "@/lib/operations/core/operation"
import { changesOf } from "./changes"
import { currentWithin } from "./current"
import { readDraft } from "./draft"
import { refuseUnexpected } from "./expected"
import { withoutLocked } from "./locks"
import { answerOf, type PolicyAnswer } from "./policy"
import { aboutChange, changeOfDump, savePolicy } from "./save"

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
    /** Whether a support dump contains the captured calls. Absent: as before. */
    supportDumpIncludes: z.boolean().optional(),
    /** The version that the caller has read. */
    version: z.int().min(0).optional(),
    /** The same, as the header If-Match. */
    ifMatch: z.string().max(2_000).optional(),
    /** Comes with the answer of a reading, and may be sent back. */
    locks: z.unknown().optional(),
  }),
  run: async (context, { policy: sent, supportDumpIncludes, version, ifMatch }) => {
    const { tx, organization, capturePolicies } = context
    const before = await currentWithin(tx, organization.id, capturePolicies)
    refuseUnexpected({ version, ifMatch }, before)
    const wanted = await readDraft(context, before.policy, sent)
    const policy = withoutLocked(
      wanted,
      before,
      capturePolicies.environment,
      lock => `/policy${lock.pointer}`,
    )
    const saving = { policy, supportDumpIncludes: supportDumpIncludes ?? before.supportDumpIncludes }
    const saved = await savePolicy(context, before, saving)
    const after = await currentWithin(tx, organization.id, capturePolicies)
    const value: PolicyAnswer = answerOf(after)
    return {
      value,
      event: aboutChange(context, {
        changes: [...changesOf(before.stored, policy), ...changeOfDump(before, saving)],
        version: saved,
        previous: before.version,
      }),
    }
  },
})
