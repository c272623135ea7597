/** The formats in which the log can be exported. */
export type ExportFormat = "csv" | "jsonl"

/** Counts events in the bytes of an export as they pass. */
export interface RowCounter {
  /** Counts the next bytes and returns the number of complete events so far. */
  readonly count: (bytes: Uint8Array) => number
}

const quote = 0x22
const lineFeed = 0x0a

/**
 * Returns a counter for the events of an export whose bytes arrive in chunks of any size. A line is an event, but in CSV a
 * line break inside quotes is part of a cell, and the first line is the heading.
 */
export function createRowCounter(format: ExportFormat): RowCounter {
  let lines = 0
  let quoted = false
  return {
    count(bytes) {
      for (const byte of bytes) {
        // A doubled quote inside a cell toggles twice and so changes nothing.
        if (byte === quote && format === "csv") quoted = !quoted
        else if (byte === lineFeed && !quoted) lines++
      }
      return format === "csv" ? Math.max(0, lines - 1) : lines
    },
  }
}
