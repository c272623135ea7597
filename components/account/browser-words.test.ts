import { expect, test } from "vitest"
import { browserInWords } from "./browser-words"

const webkit = "AppleWebKit/537.36 (KHTML, like Gecko)"
const windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"

test.each([
  [`${windows} ${webkit} Chrome/143.0.0.0 Safari/537.36`, "Chrome on Windows"],
  [`${windows} ${webkit} Chrome/143.0.0.0 Safari/537.36 Edg/143.0.0.0`, "Edge on Windows"],
  [`${windows} ${webkit} Chrome/143.0.0.0 Safari/537.36 OPR/120.0.0.0`, "Opera on Windows"],
  [`Mozilla/5.0 (X11; Linux x86_64) ${webkit} HeadlessChrome/143.0.0.0 Safari/537.36`, "Chrome on Linux"],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Linux"],
  [`Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${webkit} Chrome/143.0.0.0 Safari/537.36`, "Chrome on ChromeOS"],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15",
    "Safari on macOS",
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1",
    "Safari on iPhone",
  ],
  [
    "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/143.0.0.0 Mobile/15E148 Safari/604.1",
    "Chrome on iPad",
  ],
  [`Mozilla/5.0 (Linux; Android 16; K) ${webkit} Chrome/143.0.0.0 Mobile Safari/537.36`, "Chrome on Android"],
  [
    `Mozilla/5.0 (Linux; Android 16; SM-S931B) ${webkit} SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36`,
    "Samsung Internet on Android",
  ],
])("%s is called %s", (userAgent, words) => {
  expect(browserInWords(userAgent)).toBe(words)
})

test.each([
  [null, "Unknown browser"],
  ["  ", "Unknown browser"],
  ["/(", "Unknown browser"],
  ["curl/8.14.1", "curl"],
  ["Something (Linux; new)", "Browser on Linux"],
  ["x".repeat(500), `${"x".repeat(39)}…`],
])("what nobody knows is called by what it says of itself: %j", (userAgent, words) => {
  expect(browserInWords(userAgent)).toBe(words)
})
