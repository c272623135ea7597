const keeper = "auditorium.return"
const continuePath = "/sign-in/continue"
/** What a cookie of the way through the provider can hold beside the rest. */
const longestOnTheWay = 1_500

/**
 * Returns the path to send along on a way that leads through another site: the given one, or for a long one a page of ours
 * that finds it again in this tab.
 */
export function keptInBrowser(path: string): string {
  if (path.length <= longestOnTheWay) return path
  try {
    window.sessionStorage.setItem(keeper, path)
    return continuePath
  } catch {
    // Storage may be switched off: then the way leads back to the page without its filters.
    return path.split("?", 1)[0] ?? "/"
  }
}

/** Returns the path that was kept, once; "/" when there is none. */
export function takeKeptPath(): string {
  try {
    const path = window.sessionStorage.getItem(keeper)
    window.sessionStorage.removeItem(keeper)
    return path !== null && /^\/(?![/\\])[^\s\\]*$/.test(path) ? path : "/"
  } catch {
    return "/"
  }
}
