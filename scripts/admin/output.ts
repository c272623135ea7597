/** The result of a command: for programs, and in words. */
export interface Answer {
  readonly value: unknown
  readonly text: string
}

export function lines(...given: readonly string[]): string {
  return given.join("\n")
}

/** Returns rows under their headings, in columns; a sentence when there are none. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "There is none."
  const clean = [headings, ...rows].map(row => row.map(visible))
  const widths = headings.map((_, column) => Math.max(...clean.map(row => row[column]?.length ?? 0)))
  return clean
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n")
}

// A name must not be able to move the cursor of the terminal on which it is printed.
function visible(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, "\uFFFD")
}
