import type { Fault } from "@/lib/errors"

/** Of one item, and in one answer, no more faults than this are listed; the last entry then says how many more there are. */
export const mostFaults = 100

/** The faults of one item: the first hundred, and the number of the others. */
export class FaultList {
  readonly #listed: Fault[] = []
  #more = 0

  get isEmpty(): boolean {
    return this.#listed.length === 0
  }

  /** True when a further fault is only counted, so that nobody need find words for it. */
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

  /** Counts a fault that has no words. */
  count(): void {
    this.#more++
  }

  /** Returns the faults, the last of them saying how many more there are. */
  all(): readonly Fault[] {
    return this.#more === 0 ? this.#listed : [...this.#listed, andMore(this.#more)]
  }
}

/** Returns the faults, or as many of them as may be listed (one at least) and an entry that says how many more there are. */
export function limitFaults(faults: readonly Fault[], most = mostFaults): readonly Fault[] {
  const listed = faults.filter(({ more }) => more === undefined).slice(0, Math.max(1, most))
  const more = countFaults(faults) - listed.length
  return more === 0 ? listed : [...listed, andMore(more)]
}

/** Returns how many faults there are, with those that a list only counts. */
export function countFaults(faults: readonly Fault[]): number {
  return faults.reduce((sum, { more = 1 }) => sum + more, 0)
}

function andMore(more: number): Fault {
  return { pointer: "", message: `and ${more} more`, more }
}
