import { AppError } from "@/lib/errors"
import { readCaptureEnvironment } from "./clearml-environment"
import type { CapturePolicy, Rule } from "./policy"

/** What a pasted configuration makes of a policy, and what it says besides. */
export interface PastedFile {
  readonly policy: CapturePolicy
  /** Each is a sentence about a key without effect. */
  readonly warnings: readonly string[]
}

/**
 * Returns a policy with what a text sets that was copied from `apiserver.conf`, or from the lines of an environment. Its
 * endpoints become rules before the others and replace rules for the same endpoint. Throws AppError `invalid` with every
 * fault, each with its line.
 */
export function withPastedFile(text: string, policy: CapturePolicy): PastedFile {
  const { environment, problems } = readCaptureEnvironment({}, { name: "the text,", text })
  if (problems.length > 0) {
    const faults = problems.map(({ message }) => ({ pointer: "", message }))
    throw new AppError("invalid", "The text is not acceptable as a configuration.", { faults })
  }
  const { rules, default: standard, categories, ...switches } = environment.policy
  const names = new Set(rules.map(({ name }) => name))
  const isReplaced = ({ when }: Rule) => {
    const { endpoints = [], ...others } = when
    return Object.keys(others).length === 0 && endpoints.length === 1 && names.has(endpoints[0] ?? "")
  }
  return {
    policy: {
      ...policy,
      ...switches,
      default: { ...policy.default, ...standard },
      categories: { ...policy.categories, ...categories },
      rules: [...rules, ...policy.rules.filter(rule => !isReplaced(rule))],
    },
    warnings: environment.warnings,
  }
}
