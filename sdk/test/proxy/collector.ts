import type { Call, CallStart } from "@/lib/audit/capture/call"
import type { CallRecorder } from "@/sdk/src/proxy/recorder"
import type { Keep } from "@/sdk/src/recorder"

/** A recorder that keeps the calls in memory. */
export class Collector implements CallRecorder {
  readonly calls: Call[] = []
  readonly starts: CallStart[] = []
  room = true
  keep: Keep = { requestBytes: 16_384, responseBytes: 16_384 }
  private readonly waiting: (() => void)[] = []

  hasRoom(): boolean {
    return this.room
  }

  watch(start: CallStart) {
    this.starts.push(start)
    return {
      keep: this.keep,
      take: (call: Call) => {
        this.calls.push(call)
        for (const wake of this.waiting.splice(0)) wake()
      },
    }
  }

  /** Resolves with the recorded calls when there are that many. */
  async atLeast(count: number): Promise<readonly Call[]> {
    while (this.calls.length < count) await new Promise<void>(resolve => this.waiting.push(resolve))
    return this.calls
  }
}
