/** Releases a place; further calls do nothing. */
export type Leave = () => void

/** Places that several names share; each may have only a part. */
export interface Shares {
  /** Takes a place if one is free. `own` = the name has its part already, `all` = every place is taken. */
  take(name: string): Leave | "own" | "all"
  /** Waits for a place of the name, first come, first served. Returns null when none became free in time. */
  wait(name: string, patienceMs: number): Promise<Leave | null>
}

interface ShareSettings {
  /** Places that one name may have. */
  readonly each: number
  /** Total number of places; absent = only the limit of each name applies. */
  readonly total?: number
  /** Callers of one name that may wait; others are refused at once. */
  readonly waiting?: number
}

interface Part {
  taken: number
  readonly queue: ((leave: Leave) => void)[]
}

/** Returns places that are counted in this process. A name with its full part leaves the rest to others. */
export function shares({ each, total = Number.POSITIVE_INFINITY, waiting = 100 }: ShareSettings): Shares {
  const parts = new Map<string, Part>()
  let taken = 0

  function partOf(name: string): Part {
    const part = parts.get(name) ?? { taken: 0, queue: [] }
    parts.set(name, part)
    return part
  }

  function occupy(name: string): Leave {
    partOf(name).taken++
    taken++
    let hasLeft = false
    return () => {
      if (hasLeft) return
      hasLeft = true
      leave(name)
    }
  }

  function leave(name: string): void {
    const part = partOf(name)
    part.taken--
    taken--
    const next = part.queue.shift()
    if (next) next(occupy(name))
    else if (part.taken === 0) parts.delete(name)
  }

  function take(name: string): Leave | "own" | "all" {
    if ((parts.get(name)?.taken ?? 0) >= each) return "own"
    return taken >= total ? "all" : occupy(name)
  }

  function wait(name: string, patienceMs: number): Promise<Leave | null> {
    const place = take(name)
    if (typeof place === "function") return Promise.resolve(place)
    const { queue } = partOf(name)
    if (queue.length >= waiting) return Promise.resolve(null)
    return new Promise(resolve => {
      const timer = setTimeout(() => {
        queue.splice(queue.indexOf(served), 1)
        resolve(null)
      }, patienceMs)
      const served = (leave: Leave) => {
        clearTimeout(timer)
        resolve(leave)
      }
      queue.push(served)
    })
  }

  return { take, wait }
}
