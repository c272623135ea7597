import { log } from "@/lib/log"
import type { AnyOperation, Caller } from "./operation"

/**
 * Returns what to do when the event of a failure cannot be written: log the first error, which nobody else learns of, and
 * throw the second one, which the caller gets.
 */
export function logFirst(
  operation: Pick<AnyOperation, "name">,
  { requestId }: Caller,
  first: unknown,
): (unrecorded: unknown) => never {
  return unrecorded => {
    const error = first instanceof Error ? first : String(first)
    log.error("operation.not_recorded", { operation: operation.name, requestId, error })
    throw unrecorded
  }
}
