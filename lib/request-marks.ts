import type { IncomingMessage, ServerResponse } from "node:http"

/** State of the current request that our HTTP server and the code behind it share. */
export interface RequestMarks {
  /** Next.js may treat it as a server action. */
  readonly isAction: boolean
  /** Our code was reached; before that, a failure of an action is a failure to read the request. */
  hasBegun: boolean
  readonly exchange?: Exchange
}

/** The current request and its response, as Node has them. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** The path and the query as they were sent. Next.js changes those of the request. */
  readonly url: string
  /** When the request arrived, by `performance.now()`. */
  readonly beganMs: number
}

// Created by scripts/launcher/log-lines.mjs, which is not part of the bundle.
const key = Symbol.for("auditorium.request")

/** Returns the marks of the current request; undefined outside of one, and under another server than ours. */
export function requestMarks(): RequestMarks | undefined {
  const shared = globalThis as { [key]?: { getStore: () => RequestMarks | undefined } }
  return shared[key]?.getStore()
}
