import { pauseAfter } from "@/lib/delivery/back-off"
import { backOff } from "./state"

/** After so many failures in a row, of all organizations together, a sink is tried by one batch at a time. */
const opensAfter = 5

/** Keeps a sink that is down from being tried by each of its cursors. Known to one worker; another one learns it by itself. */
export interface Circuits {
  /** Returns null when a cursor of the sink may be tried now, else when to ask again. */
  enter(sinkId: string, at: Date): Date | null
  /** Says how the attempt ended; `nextAt` is when the cursor that failed is tried again. Returns true when the circuit closes. */
  leave(sinkId: string, result: "taken" | "nothing" | { readonly nextAt: Date | null }, at: Date): boolean
}

interface Circuit {
  failures: number
  inFlight: number
  openUntil: number
}

/** Returns circuits that are all closed. */
export function circuits(): Circuits {
  const known = new Map<string, Circuit>()
  const of = (sinkId: string): Circuit => {
    const found = known.get(sinkId) ?? { failures: 0, inFlight: 0, openUntil: 0 }
    known.set(sinkId, found)
    return found
  }
  return {
    enter(sinkId, at) {
      const circuit = of(sinkId)
      const isOpen = circuit.failures >= opensAfter
      if (isOpen && (circuit.inFlight > 0 || at.getTime() < circuit.openUntil))
        return new Date(Math.max(circuit.openUntil, at.getTime() + 1_000))
      circuit.inFlight += 1
      return null
    },
    leave(sinkId, result, at) {
      const circuit = of(sinkId)
      circuit.inFlight -= 1
      const wasOpen = circuit.failures >= opensAfter
      if (result === "taken") circuit.failures = 0
      else if (result !== "nothing") {
        circuit.failures += 1
        // Each cursor begins with short pauses of its own; those of the sink follow the failures of all of them.
        const ownMs = at.getTime() + pauseAfter(circuit.failures, backOff) / 2
        circuit.openUntil = Math.max(ownMs, result.nextAt?.getTime() ?? 0)
      }
      if (circuit.failures === 0 && circuit.inFlight === 0) known.delete(sinkId)
      return wasOpen && circuit.failures === 0
    },
  }
}
