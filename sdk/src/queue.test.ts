import { describe, expect, it } from "vitest"
import { bodyOf, lineOf, lineOfText } from "./queue"

describe("the body of a batch", () => {
  it.each([
    ["ASCII", "plain"],
    ["letters of Latin-1, which are two bytes in UTF-8", "é ÿ ß"],
    ["letters beyond it", "日本語 Ж"],
    ["a pair of surrogates", "😀"],
    ["half of a pair", "x\ud83d"],
    ["nothing", ""],
  ])("holds %s as the text would, line by line", (_, value) => {
    const lines = [
      lineOf({ occurredAt: null }, "now"),
      lineOfText(JSON.stringify({ value }), "now"),
      lineOfText(value, "now"),
    ]
    const text = lines.map(line => `${line.text}\n`).join("")
    expect(new TextDecoder().decode(bodyOf(lines))).toBe(text.toWellFormed())
    expect(bodyOf(lines).byteLength).toBe(lines.reduce((sum, { bytes }) => sum + bytes, 0))
  })

  it("is empty without lines", () => {
    expect(bodyOf([])).toHaveLength(0)
  })
})
