/** The elements that single keys lead to, by their ids in the page. */
export const searchBoxId = "audit-log-search"
export const windowButtonId = "audit-log-window"
export const exportButtonId = "audit-log-export"

/** Marks the open event: keys move on from there although it may look like a dialog. */
export const panelMark = { "data-event-panel": "" } as const
export const panelSelector = "[data-event-panel]"

/** Gives the focus to the box for text, when what had it goes away. */
export function focusSearchBox(): void {
  document.getElementById(searchBoxId)?.focus({ preventScroll: true })
}
