import { describe, expect, it } from "vitest"
import { hasLeftToRight, isolateRuns, isRightToLeft, runsOf } from "./direction"

const [first, last] = ["\u2068", "\u2069"]

describe("names that are written from right to left never reorder the sentence around them", () => {
  it.each([
    ["Remove أحمد from Acme?", `Remove ${first}أحمد${last} from Acme?`],
    ["أحمد left.", `${first}أحمد${last} left.`],
    ["Roles of משה כהן changed", `Roles of ${first}משה כהן${last} changed`],
    ["أحمد, نور (3)", `${first}أحمد, نور${last} (3)`],
    ["أحمد Ali and نور", `${first}أحمد${last} Ali and ${first}نور${last}`],
    ["Suspend Zoë 東京 Ω?", "Suspend Zoë 東京 Ω?"],
    ["", ""],
  ])("%j", (sentence, isolated) => {
    expect(isolateRuns(sentence)).toBe(isolated)
    expect(
      runsOf(sentence)
        .map(run => run.text)
        .join(""),
    ).toBe(sentence)
  })
})

it.each([
  ["Remove \u202Egnp.exe from Acme?", "Remove gnp.exe from Acme?"],
  ["a\u2066b\u2069c\u200Fd\u061Ce", "abcde"],
  ["\u2069\u2069Nora", "Nora"],
])("a character that turns the direction unseen is left out: %j", (sentence, plain) => {
  expect(isolateRuns(sentence)).toBe(plain)
})

it("a text is read in the direction of its first letter", () => {
  expect(["أحمد", "12 משה", "(نور) Ali"].map(isRightToLeft)).toEqual([true, true, true])
  expect(["Nora", "12", "", "Ali نور", "東京"].map(isRightToLeft)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ])
  expect([hasLeftToRight("أحمد 12"), hasLeftToRight("أحمد a")]).toEqual([false, true])
})

it("a long hostile text is cut into runs in a time that grows with its length only", () => {
  const text = "أ ".repeat(20_000) + "-".repeat(200_000)
  expect(runsOf(text)).toHaveLength(2)
})
