import { defineConfig, devices } from "@playwright/test"
import { browserAdvice, findBrowser } from "./scripts/launcher/browser.mjs"

const browser = findBrowser()
if (browser === null) throw new Error(browserAdvice)

// `npm test` starts a console of its own and says where; by hand: E2E_BASE_URL=http://127.0.0.1:3000 npx playwright test
const baseURL = process.env.E2E_BASE_URL ?? "http://127.0.0.1:3000"
const summary = process.env.E2E_SUMMARY

export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  outputDir: "test-results",
  // Only for what hangs: a busy machine must not decide whether a test passes.
  timeout: 300_000,
  expect: { timeout: 20_000 },
  // One console, one database: what a spec changes is its own, so that two can be at it. Those of one file follow each other.
  workers: 2,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  reporter: summary ? [["list"], ["json", { outputFile: summary }]] : [["list"]],
  use: {
    baseURL,
    actionTimeout: 60_000,
    timezoneId: "UTC",
    locale: "en-GB",
    // Nothing is drawn sixty times a second while a test waits for the end of a movement.
    contextOptions: { reducedMotion: "reduce" },
    trace: "off",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: browser,
      // A container has neither a sandbox for root nor much shared memory; nothing is fetched in the background.
      args: [
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        // Every page is of one site: fewer processes, which share what they have compiled.
        "--in-process-gpu",
        "--process-per-site",
        "--disable-site-isolation-trials",
        "--renderer-process-limit=1",
      ],
    },
  },
  projects: [
    // What others build on: the first administrator signs in, people and keys are made.
    { name: "setup", testMatch: "**/*.setup.ts" },
    {
      name: "wide",
      dependencies: ["setup"],
      testIgnore: ["**/*.narrow.spec.ts", "**/faults.spec.ts"],
      use: { ...devices["Desktop Chrome"], viewport: { width: 1440, height: 900 } },
    },
    {
      name: "narrow",
      dependencies: ["setup"],
      testMatch: "**/*.narrow.spec.ts",
      use: { ...devices["Desktop Chrome"], viewport: { width: 390, height: 844 }, hasTouch: true },
    },
    // Web servers and databases are killed and come back, which keeps the machine busy: last, when the others are through.
    { name: "faults", dependencies: ["setup", "narrow"], testMatch: "**/faults.spec.ts" },
  ],
})
