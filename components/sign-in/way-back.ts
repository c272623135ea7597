const keeper = "auditorium.return"
const continuePath = "/sign-in/continue"
/** The space for a path in the cookie of the flow through the provider. */
const longestOnTheWay = 1_500

/**
 * Returns the path to send through another site: the one passed, or for a long one a page of ours that finds it in this
 * tab.
 */
export function keptInBrowser(path: string): string {
  if (path.length <= longestOnTheWay) return path
  try {
    window.sessionStorage.setItem(keeper, path)
    return continuePath
  } catch {
    // Storage may be disabled: then the page is opened without its filters.
    return path.split("?", 1)[0] ?? "/"
  }
}

/** Returns the stored path, once; "/" when there is none. */
export function takeKeptPath(): string {
  try {
    const path = window.sessionStorage.getItem(keeper)
    window.sessionStorage.removeItem(keeper)
    return path !== null && /^\/(?![/\\])[^\s\\]*$/.test(path) ? path : "/"
  } catch {
    return "/"
  }
}
