/** The elements that single keys focus, by their ids in the page. */
export const searchBoxId = "audit-log-search"
export const windowButtonId = "audit-log-window"
export const exportButtonId = "audit-log-export"

/** Marks the open event: keys work there although it may look like a dialog. */
export const panelMark = { "data-event-panel": "" } as const
export const panelSelector = "[data-event-panel]"

/** Focuses the text box when the focused element disappears. */
export function focusSearchBox(): void {
  document.getElementById(searchBoxId)?.focus({ preventScroll: true })
}
