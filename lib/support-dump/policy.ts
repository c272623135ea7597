import type { CapturePolicy } from "@/lib/audit/capture/policy"

/** A policy as a dump shows it. */
export type ShownPolicy = Omit<CapturePolicy, "licenseKey"> & { readonly licenseKey: "set" | "not set" }

/** Returns the policy without its license key. */
export function shownPolicy(policy: CapturePolicy): ShownPolicy {
  return { ...policy, licenseKey: policy.licenseKey === null ? "not set" : "set" }
}
