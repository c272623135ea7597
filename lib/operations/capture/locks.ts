import type { CaptureEnvironment, Lock } from "@/lib/audit/capture/clearml-environment"
import { withoutEnvironment } from "@/lib/audit/capture/layers"
import type { CapturePolicy } from "@/lib/audit/capture/policy"
import type { CurrentPolicy } from "@/lib/capture/current-policy"
import { AppError, type Fault } from "@/lib/errors"

/**
 * Returns what is to be saved so that the policy that counts becomes `wanted`. Throws AppError `locked` when it has other
 * values for what the environment sets. `pointerOf` says where a part of the policy is in what the caller sent.
 */
export function withoutLocked(
  wanted: CapturePolicy,
  { stored }: CurrentPolicy,
  environment: CaptureEnvironment,
  pointerOf: (lock: Lock) => string,
): CapturePolicy {
  const saved = withoutEnvironment(wanted, stored, environment)
  if (saved.broken.length > 0) {
    throw locked(saved.broken.map(lock => ({ pointer: pointerOf(lock), message: setBy(lock.variable) })))
  }
  return saved.stored
}

/** Returns why a value cannot be changed, as a fault says it. */
export function setBy(variable: string): string {
  return `is set by ${variable} in the environment of the server`
}

/** Returns the AppError `locked`: nothing was changed. */
export function locked(faults: readonly Fault[]): AppError {
  const [first] = faults
  const detail = first ? ` ${first.pointer || "The value"} ${first.message}.` : ""
  return new AppError("locked", `This cannot be changed here.${detail}`, { faults })
}
