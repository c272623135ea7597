import { describe, expect, it } from "vitest"
import { brokenEncoding, readQueryString } from "./query-string"

describe("a query string", () => {
  it.each([
    "",
    "a=1&b=2&a=3",
    "text=caf%C3%A9+noir&zone=Europe%2FBerlin",
    "text=%EF%BF%BD",
    "text=%F0%9F%98%80&=empty&novalue&&x=",
    "text=100%&y=%zz&z=%4",
    "text=a=b=c&-actor=%2B%26%3D",
    "__proto__=x&constructor=y&toString=",
    "text=%EF%BB%BFbom",
    "text=\u00e9",
  ])("%j is read as URLSearchParams reads it", raw => {
    // A character beyond ASCII is a byte here, as the server receives it; correct clients percent-encode it.
    const encoded = raw.replace("\u00e9", "%C3%A9")
    expect(readQueryString(encoded)).toEqual({
      parameters: [...new URLSearchParams(encoded)],
      faults: [],
    })
  })

  it.each([
    ["text=%FF", "/text"],
    ["text=ab%C3", "/text"],
    ["text=%C3%28", "/text"],
    ["text=%ED%A0%80", "/text"],
    ["text=%F4%90%80%80", "/text"],
    ["text=%C0%AF", "/text"],
    ["-actor=%80&order=oldest", "/-actor"],
    ["text=\xff", "/text"],
    ["%FF=1", "/\ufffd"],
  ])("%j is at fault where it is not UTF-8, and nothing is put in its place", (raw, pointer) => {
    const { parameters, faults } = readQueryString(raw)
    expect(faults).toEqual([{ pointer, message: brokenEncoding }])
    expect(parameters.flat().join()).not.toContain("\ufffd")
  })

  it("keeps what could be read beside what could not", () => {
    const { parameters, faults } = readQueryString("actor=ada&actor=%FF&order=oldest")
    expect(parameters).toEqual([
      ["actor", "ada"],
      ["order", "oldest"],
    ])
    expect(faults).toHaveLength(1)
  })
})
