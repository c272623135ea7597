/** The height of a row of the table; `--spacing-row` in app/globals.css. */
export const rowPixels = 36
/** The usual height of a row that is drawn as a card, on a narrow table. */
export const cardPixels = 112
/** Below this width of the table its rows are cards; the same threshold as `@lg`. */
export const cardWidthPixels = 512

/** The rendered rows, and the space of the others. */
export interface DrawnRows {
  /** The rows to render, in order. */
  readonly indexes: readonly number[]
  /** Heights in pixels of the unrendered rows above and below. */
  readonly before: number
  readonly after: number
  readonly measure: (element: HTMLTableRowElement | null) => void
  /** Scrolls to a row that may not be rendered; null when all are. */
  readonly scrollTo: ((index: number) => void) | null
}
