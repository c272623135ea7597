// @ts-check
// The browser of the end-to-end tests: an installed one, never a download of our own.
import { existsSync } from "node:fs"

// The first one renders like the others but has no windows: a third of the work.
const usualPlaces = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
]

/** Returns the path of a Chromium, or null. CHROMIUM names one in an unusual place. */
export function findBrowser() {
  const given = process.env.CHROMIUM
  if (given) return existsSync(given) ? given : null
  return usualPlaces.find(place => existsSync(place)) ?? null
}

/** What to do when there is none. */
export const browserAdvice =
  "The browser tests need Chromium or Chrome. Install it (Debian: apt-get install chromium-headless-shell), " +
  "or name the one you have: CHROMIUM=/path/to/chromium npm test"
