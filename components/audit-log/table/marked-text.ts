/** Returns whether somebody has just marked text: the press that ends it is not a press on what lies under it. */
export function hasMarkedText(): boolean {
  const selection = window.getSelection()
  return selection !== null && !selection.isCollapsed && selection.toString().trim() !== ""
}
