import type { Fault } from "@/lib/errors"

/**
 * At most this many faults of one item, and in one response, are listed; the last entry then gives the number of the
 * others.
 */
export const mostFaults = 100

/** The faults of one item: the first hundred, and the number of the others. */
export class FaultList {
  readonly #listed: Fault[] = []
  #more = 0

  get isEmpty(): boolean {
    return this.#listed.length === 0
  }

  /** True when a further fault is only counted, so that its message need not be built. */
  get isFull(): boolean {
    return this.#listed.length >= mostFaults
  }

  push(...faults: readonly Fault[]): void {
    for (const fault of faults) {
      if (fault.more !== undefined) this.#more += fault.more
      else if (this.isFull) this.#more++
      else this.#listed.push(fault)
    }
  }

  /** Counts a fault without a message. */
  count(): void {
    this.#more++
  }

  /** Returns the faults; the last one gives the number of those not listed. */
  all(): readonly Fault[] {
    return this.#more === 0 ? this.#listed : [...this.#listed, andMore(this.#more)]
  }
}

/** Returns the faults, or as many of them as may be listed (at least one) and an entry with the number of the others. */
export function limitFaults(faults: readonly Fault[], most = mostFaults): readonly Fault[] {
  const listed = faults.filter(({ more }) => more === undefined).slice(0, Math.max(1, most))
  const more = countFaults(faults) - listed.length
  return more === 0 ? listed : [...listed, andMore(more)]
}

/** Returns the number of faults, including those that a list only counts. */
export function countFaults(faults: readonly Fault[]): number {
  return faults.reduce((sum, { more = 1 }) => sum + more, 0)
}

function andMore(more: number): Fault {
  return { pointer: "", message: `and ${more} more`, more }
}
