import { describe, expect, it } from "vitest"
import { instant } from "@/test/events"
import { suffixed, suffixedIndex, suffixes } from "./suffix"

describe("the suffix of a tag or an index", () => {
  // The tags of ClearML's documentation.
  it.each([
    ["monthly", "clearml.apiserver.api-logs.202501"],
    ["quarterly", "clearml.apiserver.api-logs.2025Q1"],
    ["yearly", "clearml.apiserver.api-logs.2025"],
    ["none", "clearml.apiserver.api-logs"],
  ] as const)("%s is %s", (suffix, tag) => {
    expect(suffixed("clearml.apiserver.api-logs", suffix, instant("2025-01-31T23:59:59.999999Z"))).toBe(tag)
  })

  it("changes with the first moment of the period in UTC, and not before", () => {
    const quarter = (text: string) => suffixed("t", "quarterly", instant(text))
    const ends = ["03-31", "06-30", "09-30", "12-31"].map(day => quarter(`2025-${day}T23:59:59.999999Z`))
    const begins = ["01-01", "04-01", "07-01", "10-01"].map(day => quarter(`2025-${day}T00:00:00.000000Z`))
    expect(ends).toEqual(["t.2025Q1", "t.2025Q2", "t.2025Q3", "t.2025Q4"])
    expect(begins).toEqual(ends)
  })

  it("is in lower case for an index, which Elasticsearch refuses otherwise", () => {
    for (const suffix of suffixes) {
      const index = suffixedIndex("Logs", suffix, instant("2025-05-01T00:00:00.000000Z"))
      expect(index).toBe(index.toLowerCase())
    }
    expect(suffixedIndex("logs", "quarterly", instant("2025-05-01T00:00:00.000000Z"))).toBe("logs.2025q2")
  })
})
