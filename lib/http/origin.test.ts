import { describe, expect, test } from "vitest"
import { refuseForeignOrigin } from "./origin"

const own = "https://audit.example.com"

function isRefused(headers: Record<string, string>): boolean {
  try {
    refuseForeignOrigin(new Headers(headers), own)
    return false
  } catch {
    return true
  }
}

describe("a request that a session authenticates and that changes something", () => {
  test.each([
    [{ "sec-fetch-site": "same-origin", origin: own }],
    [{ "sec-fetch-site": "same-origin" }],
    [{ origin: own }],
  ])("%j comes from our own pages", headers => {
    expect(isRefused(headers)).toBe(false)
  })

  test.each([
    [{}],
    [{ "sec-fetch-site": "cross-site", origin: own }],
    [{ "sec-fetch-site": "same-site", origin: own }],
    [{ "sec-fetch-site": "none" }],
    [{ "sec-fetch-site": "same-origin", origin: "https://evil.example" }],
    [{ origin: "https://evil.example", host: "audit.example.com" }],
    [{ origin: "http://audit.example.com" }],
    [{ origin: "https://audit.example.com:8443" }],
    // The Host header proves nothing: a proxy may write anything into it.
    [{ origin: "http://127.0.0.1:3000", host: "127.0.0.1:3000", "sec-fetch-site": "same-origin" }],
    [{ origin: "https://evil.example", host: "evil.example", "x-forwarded-host": "evil.example" }],
    [{ origin: "null", host: "audit.example.com" }],
    [{ origin: "https://audit.example.com.evil.example" }],
    [{ origin: "", host: "" }],
    [{ referer: `${own}/` }],
  ])("%j is refused", headers => {
    expect(isRefused(headers)).toBe(true)
  })
})
