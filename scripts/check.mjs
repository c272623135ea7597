// @ts-check
// npm run check: format, lint, import table, types, schema, lock file, known holes, words of comments and docs. All of it
// runs, also after a failure.
import * as fs from "node:fs"
import * as path from "node:path"
import { CommandError, run } from "./launcher/run.mjs"
import { step, terminal } from "./launcher/terminal.mjs"
import { checkWords } from "./plain-words.mjs"

/** @typedef {{ readonly name: string, readonly passed: boolean, readonly explanation: string }} CheckResult */
/** @typedef {{ readonly name: string, readonly work: () => Promise<unknown> }} Check */

const root = path.resolve(import.meta.dirname, "..")

/** Earlier versions let requests bypass the proxy or ran code of the sender. */
export const oldestNext = [16, 2, 11]

const quiet = {
  ...process.env,
  CHECKPOINT_DISABLE: "1",
  PRISMA_HIDE_UPDATE_MESSAGE: "1",
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
}
const node = (/** @type {readonly string[]} */ args) => run(process.execPath, args, { cwd: root, env: quiet })

/** @type {readonly Check[]} */
const checks = [
  {
    name: "format, lint, imports",
    work: () =>
      node([
        "node_modules/@biomejs/biome/bin/biome",
        "check",
        "--error-on-warnings",
        "--max-diagnostics=200",
        "--colors=off",
        ".",
      ]),
  },
  {
    name: "types",
    work: async () => {
      // Next.js writes the types of routes and of style sheets.
      await node(["node_modules/next/dist/bin/next", "typegen"])
      await node(["node_modules/typescript/bin/tsc", "--project", "tsconfig.check.json", "--pretty", "false"])
    },
  },
  { name: "database schema", work: () => node(["node_modules/prisma/build/index.js", "validate"]) },
  { name: "lock file", work: checkLockFile },
  { name: "known holes", work: async () => checkNext(installedNext()) },
  { name: "words", work: async () => checkWords(root) },
]

/** A lock file that lacks a platform's package installs here and fails elsewhere. */
async function checkLockFile() {
  const printed = await run("npm", ["ci", "--dry-run", "--ignore-scripts"], { cwd: root }).catch(error => {
    if (error instanceof CommandError) return error.message
    throw error
  })
  const missing = printed.split("\n").filter(line => /missing:|invalid:|can only install/i.test(line))
  if (missing.length > 0) throw new Error(missing.join("\n"))
}

function installedNext() {
  return JSON.parse(fs.readFileSync(path.join(root, "node_modules/next/package.json"), "utf8")).version
}

/** Throws when this version of Next.js has a known vulnerability. */
export function checkNext(/** @type {string} */ version) {
  const found = version.split(/[.-]/).map(Number)
  const order =
    oldestNext.map((least, place) => (found[place] ?? 0) - least).find(difference => difference !== 0) ?? 0
  if (!(order >= 0) || found.slice(0, 3).some(Number.isNaN)) {
    throw new Error(`next ${version} has known holes; ${oldestNext.join(".")} is the oldest without.`)
  }
}

/** @returns {Promise<readonly CheckResult[]>} */
export async function runChecks() {
  const out = terminal()
  const results = []
  for (const { name, work } of checks) {
    try {
      await step(out, `checking ${name}`, name, work)
      results.push({ name, passed: true, explanation: "" })
    } catch (error) {
      const explanation = error instanceof Error ? error.message : String(error)
      out.write(`\n${explanation}\n\n`)
      results.push({ name, passed: false, explanation })
    }
  }
  return results
}

if (process.argv[1] === import.meta.filename) {
  const results = await runChecks()
  process.exitCode = results.every(({ passed }) => passed) ? 0 : 1
}
