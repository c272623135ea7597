import { describe, expect, test } from "vitest"
import { addressFaults, judgeAddresses, mostAddresses, splitAddresses, takeFinished } from "./addresses"

describe("addresses that are pasted", () => {
  test.each([
    ["a@b.example,c@d.example", ["a@b.example", "c@d.example"]],
    ["A@B.example; c@d.example\n\n e@f.example\t", ["a@b.example", "c@d.example", "e@f.example"]],
    [
      'Ada Lovelace <ada@acme.example>, "Grace" <grace@acme.example>',
      ["ada@acme.example", "grace@acme.example"],
    ],
    ["<ada@acme.example>", ["ada@acme.example"]],
    ["Send it to ada@acme.example.", ["send", "it", "to", "ada@acme.example"]],
    ["  ,;  ", []],
  ])("%j are taken apart", (text, addresses) => {
    expect(splitAddresses(text)).toEqual(addresses)
  })
})

describe("addresses that are typed", () => {
  test("are finished by a comma, a space or a line, not before", () => {
    expect(takeFinished("ada@acme.example")).toEqual({ finished: [], rest: "ada@acme.example" })
    expect(takeFinished("ada@acme.example,")).toEqual({ finished: ["ada@acme.example"], rest: "" })
    expect(takeFinished("a@b.example c@d.ex")).toEqual({ finished: ["a@b.example"], rest: "c@d.ex" })
  })

  test("in brackets are finished by the bracket", () => {
    expect(takeFinished("Ada Lovelace <ada@acme").finished).toEqual([])
    expect(takeFinished("Ada Lovelace <ada@acme.example>")).toEqual({
      finished: ["ada@acme.example"],
      rest: "",
    })
  })
})

describe("each address is judged on its own", () => {
  test("as good, as none, or as there twice", () => {
    const judged = judgeAddresses(["a@b.example", "a@b", "nobody", "a@b.example"])
    expect(judged.map(({ fault }) => fault)).toEqual([
      null,
      "is not an e-mail address",
      "is not an e-mail address",
      "stands here twice",
    ])
    expect(addressFaults(judged)).toBe(
      "a@b is not an e-mail address. nobody is not an e-mail address. a@b.example stands here twice.",
    )
  })

  test("and all of them together have nothing wrong, or are too many", () => {
    const many = (count: number) => Array.from({ length: count }, (_, number) => `p${number}@b.example`)
    expect(addressFaults(judgeAddresses(many(mostAddresses)))).toBeNull()
    expect(addressFaults(judgeAddresses(many(mostAddresses + 1)))).toContain("these are 21")
  })
})
