import { arrivedByHistory } from "@/components/navigation/traversal"

/** The reader's position in the rows when they left the page. Contains nothing of the events themselves. */
export interface Place {
  /** The id of the event whose row is scrolled back into place. */
  readonly id: string
  /** The distance of its row from the top of the screen. */
  readonly top: number
  /** How many rows were loaded. */
  readonly count: number
}

interface Kept extends Place {
  /** The organization and the query. */
  readonly key: string
}

const storageKey = "audit-log.places"
const mostKept = 20
/** Below the page's header and the table's head. */
const coveredPixels = 84

/** Stores the position, for this tab only: that of the named row if it is visible, else of the first visible row. */
export function keepPlace(key: string, body: HTMLElement | null, named: string | null, count: number): void {
  const rows = Array.from(body?.querySelectorAll<HTMLElement>("tr[data-index]") ?? []).filter(isInSight)
  const row = rows.find(each => each.dataset.event === named) ?? rows[0]
  const id = row?.dataset.event
  if (!row || !id) return
  const kept: Kept = { key, id, top: Math.round(row.getBoundingClientRect().top), count }
  const others = readPlaces().filter(other => other.key !== key)
  try {
    window.sessionStorage.setItem(storageKey, JSON.stringify([...others, kept].slice(-mostKept)))
  } catch {
    // A browser without storage starts at the top again.
  }
}

/** Returns the stored position, or null for a reader who followed a link. */
export function recallPlace(key: string): Place | null {
  return arrivedByHistory() ? (readPlaces().find(place => place.key === key) ?? null) : null
}

function readPlaces(): readonly Kept[] {
  try {
    const kept: unknown = JSON.parse(window.sessionStorage.getItem(storageKey) ?? "[]")
    return Array.isArray(kept) ? kept.filter(isKept) : []
  } catch {
    return []
  }
}

function isInSight(row: HTMLElement): boolean {
  const { top, bottom } = row.getBoundingClientRect()
  return bottom > coveredPixels && top < window.innerHeight
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== "object" || value === null) return false
  const { key, id, top, count } = value as Partial<Record<keyof Kept, unknown>>
  return (
    typeof key === "string" && typeof id === "string" && typeof top === "number" && typeof count === "number"
  )
}
