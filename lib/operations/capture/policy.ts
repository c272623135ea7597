import { z } from "zod"
import type { Lock } from "@/lib/audit/capture/clearml-environment"
import type { CapturePolicy } from "@/lib/audit/capture/policy"
import type { CurrentPolicy } from "@/lib/capture/current-policy"
import { operation } from "@/lib/operations/core/operation"
import { currentWithin } from "./current"

/** The policy that counts, as SDKs, proxies and administrators read it. */
export interface PolicyAnswer {
  /** 0 = none was ever saved. */
  readonly version: number
  readonly policy: CapturePolicy
  /** Whether a support dump contains the captured calls. */
  readonly supportDumpIncludes: boolean
  /** What the environment of the server sets. */
  readonly locks: readonly Lock[]
  readonly etag: string
}

/** Returns what callers get of a policy. */
export function answerOf({ version, policy, supportDumpIncludes, locks, etag }: CurrentPolicy): PolicyAnswer {
  return { version, policy, supportDumpIncludes, locks, etag }
}

/** Reads the policy for an administrator, as it is at this moment. */
export const readCapturePolicy = operation({
  name: "capture_policy.read",
  summary: "Tells what is recorded of API calls, and what of that the environment sets.",
  permission: "CAPTURE-MANAGEMENT",
  effect: "read",
  input: z.strictObject({}),
  run: async ({ organization, capturePolicies, read }): Promise<PolicyAnswer> =>
    answerOf(await read(({ tx }) => currentWithin(tx, organization.id, capturePolicies))),
})

/** Reads the policy for an SDK or a proxy, which follows it. It is at most five seconds old. */
export const fetchCapturePolicy = operation({
  name: "capture_policy.fetch",
  summary: "Tells an SDK or a proxy what to record of API calls.",
  permission: "LOG-INGESTION",
  effect: "append",
  input: z.strictObject({}),
  run: async ({ organization, capturePolicies }): Promise<PolicyAnswer> =>
    answerOf(await capturePolicies.of(organization.id)),
})
