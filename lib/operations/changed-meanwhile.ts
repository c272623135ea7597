import { AppError } from "@/lib/errors"

/** Promise: the refusal of a form that began from a state which is no longer; `what` is named as in "changed the role". */
export function changedMeanwhile(what: string): AppError {
  return new AppError(
    "conflict",
    `Somebody else has changed ${what} meanwhile. Load the page again, look at what is there now, then make your change.`,
  )
}
