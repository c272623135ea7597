import { expect, it } from "vitest"
import { splitMiddle, truncateMiddle } from "./middle"

it("a short id is not split", () => {
  expect(splitMiddle("alfrick")).toEqual({ head: "alfrick", tail: "" })
  expect(splitMiddle("")).toEqual({ head: "", tail: "" })
})

it("a long id keeps its last characters apart", () => {
  expect(splitMiddle("a72a9f65cb2648888b724291a0ba8cef")).toEqual({
    head: "a72a9f65cb2648888b724291a0",
    tail: "ba8cef",
  })
})

it("head and tail joined are the text, whatever it is made of", () => {
  for (const text of ["x".repeat(40), "👩‍💻".repeat(20), "e\u0301".repeat(20), "日本語".repeat(9)]) {
    const { head, tail } = splitMiddle(text)
    expect(head + tail).toBe(text)
    expect(tail).not.toBe("")
  }
})

it("an emoji made of several characters is never cut in two", () => {
  expect(splitMiddle("👩‍💻".repeat(13)).tail).toBe("👩‍💻".repeat(6))
  expect(truncateMiddle("👩‍💻".repeat(13), 5)).toBe("👩‍💻👩‍💻…👩‍💻👩‍💻")
})

it("a truncated text is as long as allowed, and shows both ends", () => {
  const shown = truncateMiddle("arn:aws:iam::218007301253:user/christophe", 20)
  expect(shown).toBe("arn:aws:iam::…stophe")
  expect([...shown]).toHaveLength(20)
  expect(truncateMiddle("exactly", 7)).toBe("exactly")
  expect(truncateMiddle("abcdef", 1)).toBe("…")
})
