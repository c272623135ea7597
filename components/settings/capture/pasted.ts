import { type PolicyLayer, readCaptureEnvironment } from "@/lib/audit/capture/clearml-environment"
import type { CapturePolicy } from "@/lib/audit/capture/policy"

/** What a pasted configuration sets. */
export interface Pasted {
  /** The draft with the keys of the configuration; null when there is something wrong with it. */
  readonly policy: CapturePolicy | null
  readonly problems: readonly string[]
  readonly warnings: readonly string[]
}

/** Reads an `apiserver.conf`, or environment lines, and puts their keys into the policy. */
export function readPasted(text: string, policy: CapturePolicy): Pasted {
  const { environment, problems } = readCaptureEnvironment({}, { name: "What was pasted,", text })
  return {
    policy: problems.length > 0 ? null : withLayer(policy, environment.policy),
    problems: problems.map(({ message }) => `${message}.`),
    warnings: environment.warnings.map(warning => `${warning}.`),
  }
}

/** Rules of the configuration come first, and replace those with their names. */
function withLayer(
  policy: CapturePolicy,
  { rules, default: flags, categories, ...layer }: PolicyLayer,
): CapturePolicy {
  const names = new Set(rules.map(({ name }) => name))
  return {
    ...policy,
    ...layer,
    default: { ...policy.default, ...flags },
    categories: { ...policy.categories, ...categories },
    rules: [...rules, ...policy.rules.filter(({ name }) => !names.has(name))],
  }
}
