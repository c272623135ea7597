import { describe, expect, test } from "vitest"
import { hidingSecrets } from "./hide-secrets"
import { shown } from "./http"

const value = `wh+sec/1 "é😀<&'\\`
const hide = hidingSecrets([{ name: "token", value }])
const inHtml = value
  .replaceAll("&", "&amp;")
  .replaceAll("<", "&lt;")
  .replaceAll('"', "&quot;")
  .replaceAll("'", "&#39;")

describe("a secret that a receiver sends back is replaced by its name", () => {
  test.each([
    ["as it is", value],
    ["in other letters", value.toUpperCase()],
    ["as JSON", JSON.stringify(value).slice(1, -1)],
    ["as JSON of PHP, with slashes escaped", JSON.stringify(value).slice(1, -1).replaceAll("/", "\\/")],
    [
      "as JSON of Python, in ASCII",
      JSON.stringify(value).slice(1, -1).replaceAll("é", "\\u00e9").replaceAll("😀", "\\ud83d\\ude00"),
    ],
    [
      "as JSON of Go and .NET",
      JSON.stringify(value)
        .slice(1, -1)
        .replaceAll("<", "\\u003C")
        .replaceAll("&", "\\u0026")
        .replaceAll("+", "\\u002B")
        .replaceAll('\\"', "\\u0022"),
    ],
    ["in a url", encodeURIComponent(value)],
    ["in a url with small letters", encodeURIComponent(value).toLowerCase()],
    ["in a form", new URLSearchParams({ a: value }).toString().slice(2)],
    ["in HTML", inHtml],
    [
      "in HTML by numbers",
      [...value].map(character => `&#x${character.codePointAt(0)?.toString(16)};`).join(""),
    ],
    ["in base64", Buffer.from(value).toString("base64")],
    ["in base64 for urls", Buffer.from(value).toString("base64url")],
    ["in base64 within JSON of PHP", Buffer.from(value).toString("base64").replaceAll("/", "\\/")],
    ["in hexadecimal", Buffer.from(value).toString("hex")],
  ])("%s", (_, spelling) => {
    expect(hide(`<${spelling}> and ${spelling}`)).toMatch(/^<\[token\]=*> and \[token\]=*$/)
  })

  test("behind a user name, as Basic authorization has it", () => {
    const basic = Buffer.from("ada:hunter22").toString("base64")
    const both = hidingSecrets([
      { name: "username", value: "ada" },
      { name: "password", value: "hunter22" },
    ])
    expect(both(`Authorization: Basic ${basic}`)).not.toContain(basic.slice(0, 12))
    expect(hidingSecrets([{ name: "password", value: "hunter22" }], { words: ["ada"] })(basic)).toMatch(
      /^\[password\]=*$/,
    )
  })

  test("whole, when another one is its beginning", () => {
    const two = hidingSecrets([
      { name: "first", value: "abcd" },
      { name: "second", value: "abcd-efgh" },
    ])
    expect(two("abcd-efgh abcd")).toBe("[second] [first]")
  })

  test("also where an answer is cut", () => {
    const secret = "s3cret/+".repeat(8)
    const encoded = Buffer.from(secret).toString("base64")
    for (let before = 940; before < 1_030; before++) {
      const text = shown(`${"x".repeat(before)}${encoded}`, [secret])
      expect(text).not.toContain(encoded.slice(0, 8))
    }
  })
})

test("a text without a secret stays as it is, and so does one with a word that is too short to be one", () => {
  expect(hide("nothing of it")).toBe("nothing of it")
  expect(hidingSecrets([{ name: "pin", value: "abc" }])("abc")).toBe("abc")
  expect(hidingSecrets([])("abc")).toBe("abc")
})
