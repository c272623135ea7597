import { describe, expect, it } from "vitest"
import { isIndexedText, isLetterText } from "./conditions"

describe("a text", () => {
  it.each(["abc", "ABC", "a-bcd", "x 123", "100%25"])("%j can be looked up, whatever the database", text => {
    expect(isIndexedText(text, { knowsLetters: false })).toBe(true)
    expect(isLetterText(text)).toBe(false)
  })

  it.each(["ab", "a-b-c", "%%%", "...", "_ab_", "🙂🙂🙂"])("%j cannot be looked up anywhere", text => {
    expect(isIndexedText(text, { knowsLetters: true })).toBe(false)
    expect(isLetterText(text)).toBe(false)
  })

  it.each(["жжж", "東京都", "äöü", "aéb"])(
    "%j can be looked up where the database knows its letters",
    text => {
      expect(isIndexedText(text, { knowsLetters: true })).toBe(true)
      expect(isIndexedText(text, { knowsLetters: false })).toBe(false)
      expect(isLetterText(text)).toBe(true)
    },
  )

  it("in other letters is none to ask the database about when there is no text", () => {
    expect(isLetterText(null)).toBe(false)
  })
})
