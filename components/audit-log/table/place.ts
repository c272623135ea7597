import { arrivedByHistory } from "@/components/navigation/traversal"

/** Where somebody was in the rows when they left the page. Nothing of the events themselves is kept. */
export interface Place {
  /** The id of the event whose row is brought back to where it was. */
  readonly id: string
  /** How far below the top of the screen its row began. */
  readonly top: number
  /** How many rows were loaded. */
  readonly count: number
}

interface Kept extends Place {
  /** The organization and the question. */
  readonly key: string
}

const storageKey = "audit-log.places"
const mostKept = 20
/** Below the page's header and the table's head. */
const coveredPixels = 84

/** Keeps the place, for this tab only: that of the named row if it is in sight, else of the first row that is. */
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
    // A browser that keeps nothing for us begins at the top again.
  }
}

/** Returns the place to go back to, or null for somebody who came by a link. */
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
