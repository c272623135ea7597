/** The elements that single keys lead to, by their ids in the page. */
export const searchBoxId = "audit-log-search"
export const windowButtonId = "audit-log-window"
export const exportButtonId = "audit-log-export"

/** Marks the open event: keys move on from there although it may look like a dialog. */
export const panelMark = { "data-event-panel": "" } as const
export const panelSelector = "[data-event-panel]"
