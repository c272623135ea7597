"use client"

let arrivedAt: string | null = null

if (typeof window !== "undefined") {
  // The router's own listener may draw the page at once; instrumentation-client.ts loads this before it.
  window.addEventListener("popstate", () => {
    arrivedAt = window.location.href
  })
}

/** Returns whether the page was reached by going back or forward rather than by following a link. */
export function arrivedByHistory(): boolean {
  if (typeof window === "undefined") return false
  return arrivedAt === window.location.href || loadedByHistory()
}

/** Records that the page is being left: coming to the same url by a link is a new visit. */
export function forgetArrival(): void {
  arrivedAt = null
  hasMoved = true
}

let hasMoved = false

/** The whole document was loaded by going back or forward, and its first page is still displayed. */
function loadedByHistory(): boolean {
  if (hasMoved) return false
  const [entry] = performance.getEntriesByType("navigation")
  return entry instanceof PerformanceNavigationTiming && entry.type === "back_forward"
}
