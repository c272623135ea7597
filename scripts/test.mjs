// @ts-check
// npm test: everything that is checked, added up. With names of parts it does only those:
//
//   npm test -- check unit                        one or more of check, unit, build, e2e, docs, launcher, image
//   npm test -- build e2e e2e/roles.spec.ts       files narrow the unit and browser tests
import { spawn } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { runChecks } from "./check.mjs"
import { browserAdvice, findBrowser } from "./launcher/browser.mjs"
import { startConsole } from "./launcher/console-under-test.mjs"
import { drill } from "./launcher/drill.mjs"
import "./launcher/end-with-parent.mjs"
import { countPlaywright, countVitest } from "./launcher/summaries.mjs"
import { elapsed } from "./launcher/terminal.mjs"
import { startPostgres } from "./postgres.mjs"

/** @typedef {import("./launcher/summaries.mjs").Count} Count */
/** @typedef {import("./launcher/summaries.mjs").Failure} Failure */

const root = path.resolve(import.meta.dirname, "..")
const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "auditorium-run-"))
const dataDirectory = path.join(temporary, "data")

/** @type {Awaited<ReturnType<typeof startConsole>> | undefined} */
let running
/** @type {import("./launcher/open-id-provider.mjs").Running | undefined} */
let provider

const parts = /** @type {const} */ (["check", "unit", "build", "e2e", "docs", "launcher", "image"])
const files = process.argv.slice(2).filter(argument => /[./]/.test(argument))
const asked = process.argv.slice(2).filter(argument => !files.includes(argument))
/** Too slow for every run: they are run when they are named. */
const slow = ["docs", "image"]
const isNamed = (/** @type {string} */ part) => asked.includes(part)
const isAsked = (/** @type {string} */ part) => asked.length === 0 || asked.includes(part)

async function main() {
  const unknown = asked.filter(part => !parts.some(known => known === part))
  if (unknown.length > 0)
    throw new Error(`There is no part "${unknown.join(", ")}"; the parts are ${parts.join(", ")}.`)
  /** @type {Count[]} */
  const counts = []
  if (isAsked("check")) counts.push(await part("Checks", countChecks))
  if (isAsked("unit")) counts.push(await part("Unit tests", runVitest))
  const built = isAsked("build") ? await part("Build", build) : countResults([])
  counts.push(built)
  if (built.failed === 0) {
    if (isAsked("e2e")) counts.push(await part("Browser tests", runPlaywright))
    if (isNamed("docs")) counts.push(await part("Documented commands", runDocs))
    if (isAsked("launcher")) counts.push(await part("Launcher", runDrill))
    if (isNamed("image")) counts.push(await part("Container image", runImage))
    if (asked.length === 0)
      console.log(`\nNot run: ${slow.join(", ")}; they take minutes: npm test -- ${slow.join(" ")}`)
  }
  return counts
}

/**
 * Returns the count of the part; one that could not even run counts as one failure.
 * @param {string} title
 * @param {() => Promise<Count>} work
 * @returns {Promise<Count>}
 */
async function part(title, work) {
  const began = performance.now()
  console.log(`\n${title}`)
  let count
  try {
    count = await work()
  } catch (error) {
    const explanation = error instanceof Error ? error.message : String(error)
    console.error(`\n${explanation}\n`)
    count = countResults([{ name: `${title}: could not run`, passed: false, explanation }])
  }
  const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : ""
  console.log(`${title}: ${count.passed} passed, ${count.failed} failed${skipped} (${elapsed(began)})`)
  return count
}

/**
 * @param {readonly (Failure & { readonly passed: boolean })[]} results
 * @returns {Count}
 */
function countResults(results) {
  const failures = results.filter(result => !result.passed)
  return { passed: results.length - failures.length, failed: failures.length, skipped: 0, failures }
}

async function countChecks() {
  return countResults(await runChecks())
}

async function runVitest() {
  const summary = path.join(temporary, "vitest.json")
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${summary}`]
  await show(["node_modules/vitest/vitest.mjs", "run", ...reporters, ...files])
  return countVitest(JSON.parse(fs.readFileSync(summary, "utf8")))
}

async function build() {
  const code = await show(["scripts/bootstrap.mjs", "build"])
  return countResults([{ name: "the build", passed: code === 0, explanation: `It ended with ${code}.` }])
}

async function runPlaywright() {
  if (findBrowser() === null) throw new Error(browserAdvice)
  const { personByAddress, startOpenIdProvider } = await import("./launcher/open-id-provider.mjs")
  provider ??= await startOpenIdProvider({
    redirectUri: "http://127.0.0.1/api/auth/callback/openid-connect",
    person: personByAddress,
  })
  const settings = {
    ...openIdSettings(provider),
    // Sinks may reach a receiver on this machine.
    OUTBOUND_ALLOW: "127.0.0.1",
    // Locks one control of Settings > Capture, at the value that it has anyway.
    CLEARML__apiserver__apilog__log_fields__headers__enabled: "false",
  }
  running ??= await startConsole(root, dataDirectory, { show: true, settings })
  const { connection } = running
  const summary = path.join(temporary, "playwright.json")
  await show(["node_modules/@playwright/test/cli.js", "test", ...files], {
    E2E_BASE_URL: connection.baseUrl,
    E2E_LINK: connection.link ?? "",
    E2E_EMAIL: connection.email ?? "",
    E2E_DATA_DIR: dataDirectory,
    E2E_SUMMARY: summary,
  })
  return countPlaywright(JSON.parse(fs.readFileSync(summary, "utf8")))
}

async function runDrill() {
  running ??= await startConsole(root, dataDirectory, { show: true })
  const results = await drill(root, dataDirectory, running, startPostgres)
  running = undefined
  return shown(results)
}

async function runImage() {
  const { drillImage } = await import("./image-drill.mjs")
  return shown(await drillImage(root))
}

async function runDocs() {
  running ??= await startConsole(root, dataDirectory, { show: true })
  const { runDocumented } = await import("./documented.mjs")
  const { baseUrl } = running.connection
  return shown(await runDocumented(root, temporary, { baseUrl, dataDirectory }))
}

/** @param {readonly import("./check.mjs").CheckResult[]} results */
function shown(results) {
  for (const { name, passed, explanation } of results) {
    console.log(`  ${passed ? "✓" : "✗"} ${name}${passed ? "" : `\n      ${explanation}`}`)
  }
  return countResults(results)
}

/**
 * Returns the exit code of a command whose output is shown.
 * @param {readonly string[]} args of node
 * @param {Readonly<Record<string, string>>} [env]
 * @returns {Promise<number>}
 */
function show(args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...env },
    })
    child.once("error", reject)
    child.once("exit", code => resolve(code ?? 1))
  })
}

/** @param {import("./launcher/open-id-provider.mjs").Running} provider */
function openIdSettings({ issuer, clientId, clientSecret }) {
  return {
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: clientId,
    OIDC_CLIENT_SECRET: clientSecret,
    OIDC_NAME: "Acme SSO",
    OIDC_ALLOWED_DOMAINS: "acme.example",
    OIDC_GROUPS_CLAIM: "groups",
  }
}

const explanationLines = 12

/**
 * Prints the failures again, so that they are at the end of a long output.
 * @param {readonly Failure[]} failures
 */
function showFailures(failures) {
  if (failures.length === 0) return
  console.log("\nFailed")
  for (const { name, explanation } of failures) {
    console.log(`  ✗ ${name.replace(`${root}${path.sep}`, "")}`)
    const beginning = explanation.split("\n").slice(0, explanationLines).join("\n")
    if (beginning !== "") console.log(beginning.replace(/^/gm, "      "))
  }
}

async function cleanUp() {
  await provider?.stop()
  if (running !== undefined) {
    running.kill("SIGTERM")
    await running.ended
  }
  fs.rmSync(temporary, { recursive: true, force: true })
}

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.once(signal, () => cleanUp().finally(() => process.exit(130)))
}

try {
  const counts = await main()
  const sum = (/** @type {(count: Count) => number} */ of) =>
    counts.reduce((total, count) => total + of(count), 0)
  const failed = sum(count => count.failed)
  process.exitCode = failed === 0 ? 0 : 1
  await cleanUp()
  showFailures(counts.flatMap(count => count.failures))
  console.log(`\n${sum(count => count.passed)} passed, ${failed} failed`)
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  await cleanUp()
  process.exitCode = 1
}
