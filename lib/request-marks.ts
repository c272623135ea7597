/** What our HTTP server and the code behind it tell each other about the request that is being worked on. */
export interface RequestMarks {
  /** Next may take it for a server action. */
  readonly isAction: boolean
  /** Code of ours was reached; until then a failure of an action is one of reading what was sent. */
  hasBegun: boolean
}

// Made by scripts/launcher/log-lines.mjs, which the bundler knows nothing of.
const key = Symbol.for("auditorium.request")

/** Returns the marks of the request at hand; undefined outside one, and under another server than ours. */
export function requestMarks(): RequestMarks | undefined {
  const shared = globalThis as { [key]?: { getStore: () => RequestMarks | undefined } }
  return shared[key]?.getStore()
}
