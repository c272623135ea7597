/** One reading of a result from page to page: what its first page fixed, and where its pages end. */
export interface Walk<Place> {
  /** The size of the log for which its pages are valid. */
  readonly asOf: number
  /** Where a page that was served lately ends: null when nothing follows it. Undefined for other pages. */
  endOf(page: number): Place | null | undefined
}

/** Whose reading of which query. */
export interface WalkName {
  /** The reader, who may have a part of the memory only. */
  readonly owner: string
  readonly query: string
}

/** The readings of a short while ago, for readers that ask for pages by their numbers. */
export interface Walks<Place> {
  /**
   * Returns the reading in which a page is asked for: the one that served the page before it last, else the last one of the query,
   * else null. Page 1 begins a new one.
   */
  find(name: WalkName, page: number, nowMs: number): Walk<Place> | null
  /** Keeps where a page ends, in this reading (null: in a new one, of a log of that size). */
  keep(name: WalkName, walk: Walk<Place> | null, served: Served<Place>, nowMs: number): void
}

interface Served<Place> {
  readonly page: number
  readonly asOf: number
  readonly end: Place | null
}

interface WalkSettings {
  /** How long a reading is kept after its last page. */
  readonly forMs: number
  /** Queries that are kept, and those of one owner. */
  readonly most: number
  readonly mostOfOwner: number
}

/** Readings of one query at the same time: two programs with one key, or one that begins again. */
const readingsAtOnce = 4
/** Pages of one reading whose ends are kept, the last ones. */
const endsOfWalk = 50

interface End<Place> {
  readonly place: Place | null
  readonly servedAtMs: number
}

class KeptWalk<Place> implements Walk<Place> {
  readonly ends = new Map<number, End<Place>>()
  usedAtMs = 0

  constructor(readonly asOf: number) {}

  endOf(page: number): Place | null | undefined {
    const end = this.ends.get(page)
    return end === undefined ? undefined : end.place
  }

  serve(page: number, end: End<Place>): void {
    this.ends.delete(page)
    this.ends.set(page, end)
    const [oldest] = this.ends.keys()
    if (this.ends.size > endsOfWalk && oldest !== undefined) this.ends.delete(oldest)
    this.usedAtMs = end.servedAtMs
  }
}

interface Kept<Place> {
  readonly owner: string
  readonly walks: KeptWalk<Place>[]
}

/** Returns an empty memory of this process. */
export function walks<Place>({ forMs, most, mostOfOwner }: WalkSettings): Walks<Place> {
  /** In the order of their last use. */
  const kept = new Map<string, Kept<Place>>()
  const counts = new Map<string, number>()

  const keyOf = ({ owner, query }: WalkName) => JSON.stringify([owner, query])

  function forget(key: string, { owner }: Kept<Place>): void {
    kept.delete(key)
    const count = (counts.get(owner) ?? 1) - 1
    if (count === 0) counts.delete(owner)
    else counts.set(owner, count)
  }

  /** The clock may have been set back: what seems to come from the future is old too. */
  function recent(key: string, nowMs: number): readonly KeptWalk<Place>[] {
    const known = kept.get(key)
    if (!known) return []
    const still = known.walks.filter(({ usedAtMs }) => Math.abs(nowMs - usedAtMs) < forMs)
    known.walks.splice(0, known.walks.length, ...still)
    if (still.length === 0) forget(key, known)
    return still
  }

  function makeRoom(owner: string): void {
    for (const [key, one] of kept) {
      const isFull = kept.size > most
      const ownerIsFull = (counts.get(owner) ?? 0) > mostOfOwner
      if (!isFull && !ownerIsFull) return
      if (isFull || one.owner === owner) forget(key, one)
    }
  }

  return {
    find(name, page, nowMs) {
      if (page === 1) return null
      const known = recent(keyOf(name), nowMs)
      const servedAt = (walk: KeptWalk<Place>) =>
        walk.ends.get(page - 1)?.servedAtMs ?? Number.NEGATIVE_INFINITY
      return known.reduce<KeptWalk<Place> | null>((best, walk) => {
        if (best === null) return walk
        const [its, bests] = [servedAt(walk), servedAt(best)]
        // Of two in one millisecond, and of two that served something else, the one that began later.
        return its >= bests ? walk : best
      }, null)
    },
    keep(name, walk, { page, asOf, end }, nowMs) {
      const key = keyOf(name)
      const known = kept.get(key) ?? { owner: name.owner, walks: [] }
      if (!kept.has(key)) counts.set(name.owner, (counts.get(name.owner) ?? 0) + 1)
      kept.delete(key)
      kept.set(key, known)
      const own = known.walks.find(one => one === walk) ?? new KeptWalk<Place>(asOf)
      if (!known.walks.includes(own)) known.walks.push(own)
      if (known.walks.length > readingsAtOnce) known.walks.shift()
      own.serve(page, { place: end, servedAtMs: nowMs })
      makeRoom(name.owner)
    },
  }
}
