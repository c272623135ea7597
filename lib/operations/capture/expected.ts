import { AppError } from "@/lib/errors"

/** What the caller believes to change: the header If-Match, or the version that was read. */
export interface Expected {
  /** As it was sent: `*`, or one or several entity tags. */
  readonly ifMatch?: string | undefined
  readonly version?: number | undefined
}

/** Throws AppError `precondition-failed` when what is there now is not what the caller expects. */
export function refuseUnexpected(
  { ifMatch, version }: Expected,
  now: { readonly etag: string; readonly version: number },
): void {
  if (ifMatch !== undefined && !matches(ifMatch, now.etag)) throw changedSince(now.version)
  if (version !== undefined && version !== now.version) throw changedSince(now.version)
}

/** Returns whether one of the entity tags of a header is the tag, compared strongly: a weak tag never is. */
function matches(header: string, etag: string): boolean {
  const tags = header.split(",").map(part => part.trim())
  return tags.includes("*") || tags.includes(etag)
}

function changedSince(version: number): AppError {
  return new AppError(
    "precondition-failed",
    `Somebody else has changed what is recorded meanwhile: it is version ${version} now. Read it again, then make your change.`,
  )
}
