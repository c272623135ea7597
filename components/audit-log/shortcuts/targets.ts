/** The elements that single keys lead to, by their ids in the page. */
export const searchBoxId = "audit-log-search"
export const windowButtonId = "audit-log-window"
export const exportButtonId = "audit-log-export"
