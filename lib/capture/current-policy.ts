import { createHash } from "node:crypto"
import type { CaptureEnvironment, Lock } from "@/lib/audit/capture/clearml-environment"
import { effectivePolicy } from "@/lib/audit/capture/layers"
import type { CapturePolicy } from "@/lib/audit/capture/policy"
import type { StoredPolicy } from "./stored-policy"

/** The policy that counts for an organization: what was saved, with the environment on top. */
export interface CurrentPolicy {
  readonly version: number
  readonly policy: CapturePolicy
  readonly locks: readonly Lock[]
  readonly supportDumpIncludes: boolean
  /** Without the environment. */
  readonly stored: CapturePolicy
  /** Changes with anything of it. */
  readonly etag: string
}

/** Returns the policy that counts. */
export function currentPolicy(stored: StoredPolicy, environment: CaptureEnvironment): CurrentPolicy {
  const { version, supportDumpIncludes } = stored
  const { policy, locks } = effectivePolicy(stored.policy, environment)
  const etag = etagOf([version, supportDumpIncludes, policy, locks])
  return { version, policy, locks, supportDumpIncludes, stored: stored.policy, etag }
}

/** Returns an entity tag for a value, with its quotes. */
export function etagOf(value: unknown): string {
  return `"${createHash("sha256").update(JSON.stringify(value)).digest("base64url").slice(0, 22)}"`
}
