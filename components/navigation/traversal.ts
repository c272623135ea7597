"use client"

let arrivedAt: string | null = null

if (typeof window !== "undefined") {
  // The router's own listener may draw the page at once; instrumentation-client.ts loads this before it.
  window.addEventListener("popstate", () => {
    arrivedAt = window.location.href
  })
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
