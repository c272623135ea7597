/** One received parameter, and the pointer for its faults. */
export interface Parameter {
  readonly name: string
  readonly value: string
  readonly pointer: string
}

/** Parameters that may occur only once. */
export const singleNames = [
  "window",
  "from",
  "to",
  "zone",
  "exclude-today",
  "text",
  "order",
  "limit",
  "cursor",
  "as-of",
] as const
export type SingleName = (typeof singleNames)[number]
