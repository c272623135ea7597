/** Returns the rendered row with that number, or null. */
export function rowAt(body: HTMLTableSectionElement | null, index: number): HTMLTableRowElement | null {
  return body?.querySelector(`tr[data-index="${index}"]`) ?? null
}
