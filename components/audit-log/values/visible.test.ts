import { describe, expect, it } from "vitest"
import { visiblePieces, visibleText } from "./visible"

const join = (text: string) =>
  visiblePieces(text)
    .map(piece => piece.text)
    .join("")

describe("hidden characters are shown", () => {
  it.each([
    ["invoice\u202Efdp.exe", "invoice[U+202E]fdp.exe"],
    ["ad\u200Bmin", "ad[U+200B]min"],
    ["\u2066left\u2069", "[U+2066]left[U+2069]"],
    ["\uFEFFstart", "[U+FEFF]start"],
    ["a\u0000b\u001Bc\u007Fd", "a[U+0000]b[U+001B]c[U+007F]d"],
    ["soft\u00ADhyphen", "soft[U+00AD]hyphen"],
    ["tag\u{E0061}ged", "tag[U+E0061]ged"],
    ["selector\u{E0101}", "selector[U+E0101]"],
    ["filler\u3164", "filler[U+3164]"],
    ["lone\uD800surrogate", "lone[U+D800]surrogate"],
    ["line\u2028separator", "line[U+2028]separator"],
    ["\r\n", "[U+000D]\n"],
  ])("%j becomes %j", (text, shown) => {
    expect(visibleText(text)).toBe(shown)
  })

  it("names the character, so that a reader need not know its code", () => {
    expect(visiblePieces("\u202E")).toEqual([
      { kind: "hidden", text: "\u202E", code: "U+202E", name: "right-to-left override" },
    ])
  })
})

describe("ordinary text is left alone", () => {
  it.each([
    "",
    "plain",
    "tab\tand\nnewline",
    "שלום עולם",
    "Zoë, 東京, Ελλάδα",
    "👩‍💻 👨‍👩‍👧 🏳️‍🌈 👍🏽",
    "I ❤️ it",
  ])("%j", text => {
    expect(visibleText(text)).toBe(text)
  })

  it("but a joiner outside an emoji is shown", () => {
    expect(visibleText("ad\u200Dmin 👩\u200D")).toBe("ad[U+200D]min 👩[U+200D]")
  })
})

it("loses and adds nothing", () => {
  for (const text of ["a\u202Eb", "\u200B\u200B", "👩‍💻\u200Bx", "\uD800\uDC00\uD800"])
    expect(join(text)).toBe(text)
})
