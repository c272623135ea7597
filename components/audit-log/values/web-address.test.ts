import { expect, it } from "vitest"
import { webAddress } from "./web-address"

it.each(["https://acme.example/a?b=c#d", "http://localhost:3000/", "HTTPS://ACME.EXAMPLE/"])(
  "%s may be a link",
  text => {
    expect(webAddress(text)).toBe(new URL(text).href)
  },
)

it.each([
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  " https://acme.example",
  "https://acme.example extra",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:x",
  "//evil.example",
  "ftp://acme.example",
  "https://bank.example@evil.example/",
  "https://bank.example\\@evil.example/",
  "https://",
  "see https://acme.example",
  `https://acme.example/${"x".repeat(2_048)}`,
  "java\nscript:alert(1)",
])("%j stays text", text => {
  expect(webAddress(text)).toBeNull()
})
