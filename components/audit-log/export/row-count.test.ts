import { describe, expect, it } from "vitest"
import { createRowCounter, type ExportFormat } from "./row-count"

/** Every chunk size must give the same count. */
function countIn(format: ExportFormat, text: string): readonly number[] {
  const bytes = new TextEncoder().encode(text)
  return [1, 2, 3, 7, bytes.length].map(size => {
    const counter = createRowCounter(format)
    let rows = 0
    for (let start = 0; start < bytes.length; start += size)
      rows = counter.count(bytes.slice(start, start + size))
    return rows
  })
}

describe("the number of events in a file is told from its bytes, however they arrive", () => {
  it("CSV: the heading is none, and a cell may hold line ends and quotes", () => {
    const text = '\uFEFFWhen,What\r\n1,plain\r\n2,"two\r\nlines, and ""quotes"""\r\n3,"""\n"\r\n'
    expect(countIn("csv", text)).toEqual([3, 3, 3, 3, 3])
    expect(countIn("csv", "When,What\r\n")).toEqual([0, 0, 0, 0, 0])
  })

  it("JSON Lines: every line is one, whatever quotes it holds", () => {
    expect(countIn("jsonl", '{"a":"\\""}\n{"b":"ü\\n"}\n')).toEqual([2, 2, 2, 2, 2])
  })
})

it("a line that has not ended yet is not counted", () => {
  const counter = createRowCounter("jsonl")
  expect(counter.count(new TextEncoder().encode('{"a":1}\n{"b"'))).toBe(1)
})
