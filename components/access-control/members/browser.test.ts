import { expect, test } from "vitest"
import { browserName } from "./browser"

const apple = "AppleWebKit/537.36 (KHTML, like Gecko)"

test.each([
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${apple} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0`,
    "Edge on Windows",
  ],
  [`Mozilla/5.0 (X11; Linux x86_64) ${apple} Chrome/131.0.0.0 Safari/537.36`, "Chrome on Linux"],
  [`Mozilla/5.0 (X11; Linux x86_64) ${apple} HeadlessChrome/131.0.0.0 Safari/537.36`, "Chrome on Linux"],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:132.0) Gecko/20100101 Firefox/132.0",
    "Firefox on macOS",
  ],
  [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) ${apple} Version/18.0 Mobile/15E148 Safari/604.1`,
    "Safari on iOS",
  ],
  [`Mozilla/5.0 (Linux; Android 15) ${apple} Chrome/131.0.0.0 Mobile Safari/537.36`, "Chrome on Android"],
  ["curl/8.11.0", "curl/8.11.0"],
  ["", "Unknown browser"],
  [null, "Unknown browser"],
])("%s is shown as %s", (userAgent, name) => {
  expect(browserName(userAgent)).toBe(name)
})
