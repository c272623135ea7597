/** A part of the budget that one batch holds. */
export interface Reservation {
  /** Gives back what turned out not to be needed. */
  shrink(bytes: number): void
  release(): void
}

/** How much memory batches may hold together, however many sinks are due. */
export interface ByteBudget {
  /** Bytes that are held now. */
  readonly held: number
  /** Resolves when there is room, in the order of asking. Rejects when the signal aborts first. */
  reserve(
    bytes: number,
    options: { readonly isSlow: boolean; readonly signal: AbortSignal },
  ): Promise<Reservation>
}

interface Waiting {
  readonly bytes: number
  readonly isSlow: boolean
  readonly grant: () => void
}

/** Returns a budget. Slow sinks get at most `slow` of it, so that others always find room. A batch larger than its share gets the share. */
export function byteBudget({ total, slow }: { readonly total: number; readonly slow: number }): ByteBudget {
  const held = { slow: 0, fast: 0 }
  let waiting: readonly Waiting[] = []
  const fits = ({ bytes, isSlow }: Omit<Waiting, "grant">) =>
    held.slow + held.fast + bytes <= total && (!isSlow || held.slow + bytes <= slow)

  function give(isSlow: boolean, bytes: number): void {
    held[isSlow ? "slow" : "fast"] += bytes
  }

  function serve(): void {
    // A slow one that does not fit holds up the slow ones behind it only, a fast one every one: so none waits for ever.
    let isSlowBlocked = false
    for (const each of waiting) {
      if (each.isSlow && isSlowBlocked) continue
      if (fits(each)) {
        waiting = waiting.filter(other => other !== each)
        give(each.isSlow, each.bytes)
        each.grant()
      } else if (each.isSlow) isSlowBlocked = true
      else return
    }
  }

  function reservation(isSlow: boolean, bytes: number): Reservation {
    let own = bytes
    const giveBack = (left: number) => {
      if (left >= own) return
      give(isSlow, left - own)
      own = left
      serve()
    }
    return { shrink: giveBack, release: () => giveBack(0) }
  }

  return {
    get held() {
      return held.slow + held.fast
    },
    async reserve(asked, { isSlow, signal }) {
      signal.throwIfAborted()
      const bytes = Math.min(asked, isSlow ? slow : total)
      await new Promise<void>((resolve, reject) => {
        const each: Waiting = {
          bytes,
          isSlow,
          grant: () => {
            signal.removeEventListener("abort", leave)
            resolve()
          },
        }
        const leave = () => {
          waiting = waiting.filter(other => other !== each)
          reject(signal.reason)
          serve()
        }
        signal.addEventListener("abort", leave, { once: true })
        waiting = [...waiting, each]
        serve()
      })
      return reservation(isSlow, bytes)
    },
  }
}
