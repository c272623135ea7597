/** Where a person's wish not to use single keys is kept: in this browser only. */
const storageKey = "audit-log.single-keys"

/** Whether single keys act; on unless turned off here. */
export function singleKeysOn(): boolean {
  try {
    return window.localStorage.getItem(storageKey) !== "off"
  } catch {
    // A browser that keeps nothing for us has kept no wish either.
    return true
  }
}

/** Keeps the wish; a browser that keeps nothing forgets it with the page. */
export function turnSingleKeys(wish: "on" | "off"): void {
  try {
    if (wish === "off") window.localStorage.setItem(storageKey, "off")
    else window.localStorage.removeItem(storageKey)
  } catch {
    return
  }
}
