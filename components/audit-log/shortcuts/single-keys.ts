/** Stores the preference to turn off single keys, in this browser only. */
const storageKey = "audit-log.single-keys"

/** Whether single keys are active; true unless turned off here. */
export function singleKeysOn(): boolean {
  try {
    return window.localStorage.getItem(storageKey) !== "off"
  } catch {
    // A browser without storage has no preference either.
    return true
  }
}

/** Stores the preference; a browser without storage loses it with the page. */
export function turnSingleKeys(wish: "on" | "off"): void {
  try {
    if (wish === "off") window.localStorage.setItem(storageKey, "off")
    else window.localStorage.removeItem(storageKey)
  } catch {
    return
  }
}
