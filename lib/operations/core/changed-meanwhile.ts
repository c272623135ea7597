import { AppError } from "@/lib/errors"

/**
 * Returns the AppError `conflict` for a form that was opened with a state that is no longer current; `what` completes
 * "changed ...", as in "the role".
 */
export function changedMeanwhile(what: string): AppError {
  return new AppError(
    "conflict",
    `Somebody else has changed ${what} meanwhile. Load the page again, look at what is there now, then make your change.`,
  )
}
