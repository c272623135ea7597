/** Returns whether text was just selected: the click that ends a selection is not a click on the element below. */
export function hasMarkedText(): boolean {
  const selection = window.getSelection()
  return selection !== null && !selection.isCollapsed && selection.toString().trim() !== ""
}
