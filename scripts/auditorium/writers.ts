import { csvHeader, csvLine, csvRow } from "@/lib/audit/csv"
import type { AuditEvent as StoredEvent } from "@/lib/audit/event/event"
import { fitted, oneLine, safeJson, widthOf } from "./cells"
import { type Column, type Row, standardColumns } from "./columns"
import type { Search } from "./options"

/** Makes text of events. */
export interface Writer {
  /** Returns the text of some events, with what stands before the first of all. */
  rows(rows: readonly Row[]): string
  /** Returns what stands behind the last one. */
  end(): string
}

/** Returns the writer of a search. `width`: characters in a line of the terminal, null for a pipe or a file. */
export function writerOf(
  { format, columns }: Pick<Search, "format" | "columns">,
  width: number | null,
): Writer {
  if (format === "json") return jsonWriter()
  if (format === "jsonl")
    return { rows: rows => rows.map(({ event }) => `${safeJson(event)}\n`).join(""), end: () => "" }
  if (format === "csv") return csvWriter(columns, width)
  return tableWriter(columns ?? standardColumns, width)
}

function jsonWriter(): Writer {
  let before = "["
  return {
    rows: rows =>
      rows
        .map(({ event }) => {
          const text = `${before}\n${safeJson(event)}`
          before = ","
          return text
        })
        .join(""),
    // A search that broke off leaves an array without its end.
    end: () => (before === "[" ? "[]\n" : "\n]\n"),
  }
}

/** Without columns it is the copy for spreadsheets that the console exports. */
function csvWriter(columns: readonly Column[] | null, width: number | null): Writer {
  let head = columns === null ? csvHeader() : `\ufeff${csvLine(columns.map(({ head: name }) => name))}`
  const line = (row: Row) =>
    columns === null ? csvRow(stored(row), appsOf(row)) : csvLine(columns.map(({ cell }) => cell(row)))
  // A pipe gets the values as they are. A terminal obeys nothing of them.
  const shown = (text: string) => (width === null ? text : text.split("\r\n").map(oneLine).join("\r\n"))
  const withHead = (text: string) => {
    const all = head + text
    head = ""
    return all
  }
  return { rows: rows => withHead(shown(rows.map(line).join(""))), end: () => withHead("") }
}

/** The one cast: an event of the API is a stored one. */
function stored({ event }: Row): StoredEvent {
  return event as unknown as StoredEvent
}

function appsOf({ app }: Row) {
  return new Map(app ? [[app.id, app]] : [])
}

/** In a terminal columns that fit its width; elsewhere whole values with tabs between them. */
function tableWriter(columns: readonly Column[], width: number | null): Writer {
  let widths: readonly number[] | null = null
  const line = (cells: readonly string[]) => {
    if (width === null) return `${cells.join("\t")}\n`
    const fit = cells.map((cell, at) => fitted(cell, widths?.[at] ?? 0))
    return `${fit.join(gap).trimEnd()}\n`
  }
  const cellsOf = (row: Row) =>
    columns.map(({ cell, brief }) => oneLine((width === null ? cell : (brief ?? cell))(row)))
  return {
    rows: rows => {
      if (rows.length === 0) return ""
      const cells = rows.map(cellsOf)
      const heads = columns.map(({ head }) => head)
      if (widths !== null) return cells.map(line).join("")
      widths = widthsOf([heads, ...cells], width ?? 0)
      return [heads, ...cells].map(line).join("")
    },
    end: () => "",
  }
}

const gap = "  "
const leastWidth = 4

/** Returns the widths of the columns: as wide as their cells, and where that is too much, the widest is narrowed first. */
function widthsOf(lines: readonly (readonly string[])[], width: number): readonly number[] {
  const widths = (lines[0] ?? []).map((_, at) => Math.max(...lines.map(cells => widthOf(cells[at] ?? ""))))
  const room = width - gap.length * (widths.length - 1)
  let excess = widths.reduce((sum, each) => sum + each, 0) - room
  while (excess > 0) {
    const widest = widths.indexOf(Math.max(...widths))
    if ((widths[widest] ?? 0) <= leastWidth) break
    widths[widest] = (widths[widest] ?? 0) - 1
    excess--
  }
  return widths
}
