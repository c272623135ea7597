import { z } from "zod"
import type { AdapterSettings } from "@/lib/audit/capture/clearml-environment"
import { operation } from "@/lib/operations/core/operation"

/** What the environment says besides the parts of the policy that it locks. */
export interface CaptureEnvironmentReport {
  readonly adapter: AdapterSettings
  /** Keys without effect, and an adapter without a host. Each is a sentence. */
  readonly warnings: readonly string[]
}

/** Tells what the environment of the server says about adapters, and which of its keys have no effect. */
export const findCaptureEnvironment = operation({
  name: "capture_policy.find_environment",
  summary:
    "Tells what the environment of the server says about adapters, and which of its keys have no effect.",
  permission: "CAPTURE-MANAGEMENT",
  effect: "read",
  input: z.strictObject({}),
  run: async ({ capturePolicies: { environment } }): Promise<CaptureEnvironmentReport> => ({
    adapter: environment.adapter,
    warnings: environment.warnings,
  }),
})
