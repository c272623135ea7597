import type { Call, CallStart } from "@/lib/audit/capture/call"

/** How many bytes of each body are copied while a call passes; 0 is none. */
export interface Keep {
  readonly requestBytes: number
  readonly responseBytes: number
}

/** One call on its way. What the policy said at its start holds until its end. */
export interface Watched {
  readonly keep: Keep
  /** Takes the facts of the call: at its end, and for one that stays open also when that is known (`state` "opened"). */
  take(call: Call): void
}

/** What becomes of the calls that pass the proxy. Nothing here throws, waits or holds up a call. */
export interface Recorder {
  /** False when the next call could not be recorded and is to be refused for that. */
  hasRoom(): boolean
  watch(start: CallStart): Watched
}
