import type { CallStart } from "@/lib/audit/capture/call"
import type { Watched } from "@/sdk/src/recorder"

/** What becomes of the calls that pass the proxy. Nothing here throws, waits or holds up a call. */
export interface CallRecorder {
  /** False when the next call could not be recorded. */
  hasRoom(): boolean
  watch(start: CallStart): Watched
}
