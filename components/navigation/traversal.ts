"use client"

let arrivedAt: string | null = null

if (typeof window !== "undefined") {
  // Captured, to be heard before the router: its own listener may draw the page at once.
  const noteArrival = () => {
    arrivedAt = window.location.href
  }
  window.addEventListener("popstate", noteArrival, { capture: true })
}

/** Returns whether the address was reached by going back or forth rather than by following a link. */
export function arrivedByHistory(): boolean {
  if (typeof window === "undefined") return false
  return arrivedAt === window.location.href || loadedByHistory()
}

/** Says that the page is being left: coming to the same address by a link is another arrival. */
export function forgetArrival(): void {
  arrivedAt = null
  hasMoved = true
}

let hasMoved = false

/** The whole document was loaded by going back or forth, and its first page is still the one on screen. */
function loadedByHistory(): boolean {
  if (hasMoved) return false
  const [entry] = performance.getEntriesByType("navigation")
  return entry instanceof PerformanceNavigationTiming && entry.type === "back_forward"
}
