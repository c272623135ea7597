import { type CallPath, compilePath, fitsPath } from "./paths"

/**
 * Calls to this installation's own API that no policy records: the reception of events and of counts would feed itself, and
 * checks of health and of the version come without end. Null: every method.
 */
const neverRecorded = [
  { method: "POST", path: "/api/v1/events" },
  { method: null, path: "/api/v1/capture/*" },
  { method: null, path: "/api/health" },
  { method: null, path: "/api/metrics" },
  { method: null, path: "/api/build" },
].map(({ method, path }) => ({ method, pattern: compilePath(path) }))

/** Returns whether a call to the own API is never recorded. */
export function isNeverRecorded(method: string, path: CallPath): boolean {
  return (
    !path.isSuspicious &&
    neverRecorded.some(one => (one.method === null || one.method === method) && fitsPath(one.pattern, path))
  )
}
