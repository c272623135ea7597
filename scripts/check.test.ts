import { describe, expect, it } from "vitest"
import { checkNext } from "./check.mjs"

describe("the check for known holes", () => {
  it.each(["16.2.11", "16.2.12", "16.4.5", "17.0.0"])("lets next %s pass", version => {
    expect(() => checkNext(version)).not.toThrow()
  })

  it.each(["16.2.10", "16.1.99", "15.9.9", "latest"])("refuses next %s", version => {
    expect(() => checkNext(version)).toThrow("known holes")
  })
})
