// @ts-check
// Runs the commands in the docs: every block marked `sh` of the README, CONTRIBUTING and docs, page by page, against a
// running console. A block after `<!-- not run: reason -->` is skipped, and the reason is printed.
import { spawn } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"

/** @typedef {{ readonly name: string, readonly passed: boolean, readonly explanation: string }} CheckResult */
/** @typedef {{ readonly line: number, readonly text: string, readonly reason: string | null }} Block */

/** Pages whose commands talk to systems that a test stands in for. That test runs them as they are written. */
const runByTests = /** @type {Readonly<Record<string, string>>} */ ({
  "docs/capture-clarifai.md": "scripts/capture/pages.test.ts",
  "docs/capture-clearml.md": "scripts/capture/pages.test.ts",
  "docs/capture-docker-kubernetes.md": "scripts/capture/pages.test.ts",
  "docs/sinks/syslog.md": "lib/sinks/syslog/page.test.ts",
  "docs/sinks/s3.md": "lib/sinks/s3/s3.test.ts",
  "docs/sinks/webhook.md": "lib/sinks/webhook-page.test.ts",
  "docs/ucp-settings.md": "scripts/ucp-settings.test.ts",
})

/** Returns the names of the pages, relative to the project. */
export function pages(/** @type {string} */ root) {
  const inDocs = ["docs", "docs/sinks"].flatMap(folder => {
    const names = fs.existsSync(path.join(root, folder)) ? fs.readdirSync(path.join(root, folder)) : []
    return names.filter(name => name.endsWith(".md")).map(name => `${folder}/${name}`)
  })
  return ["README.md", "CONTRIBUTING.md", ...inDocs.sort()]
}

/**
 * Returns the shell blocks of a page.
 * @param {string} page its text
 * @returns {readonly Block[]}
 */
export function blocksOf(page) {
  const lines = page.split("\n")
  const found = []
  for (let index = 0; index < lines.length; index++) {
    if (lines[index] !== "```sh") continue
    const end = lines.indexOf("```", index)
    if (end < 0) throw new Error(`The block of line ${index + 1} does not end.`)
    const reason = lines[index - 1]?.match(/^<!-- not run: (.+) -->$/)?.[1] ?? null
    found.push({ line: index + 1, text: lines.slice(index + 1, end).join("\n"), reason })
    index = end
  }
  return found
}

/**
 * Where a page's commands are run.
 * @typedef {object} Target
 * @property {NodeJS.ProcessEnv} env
 * @property {string} [before] run before the page's own commands
 * @property {readonly (readonly [string | RegExp, string])[]} standsFor what a page writes for something of its reader's, and what it is here
 */

/**
 * Returns one result for each page that has commands. Variables set in one block are visible in later ones of its page.
 * @param {string} root
 * @param {(page: string) => Promise<Target>} targetOf
 * @returns {Promise<readonly CheckResult[]>}
 */
export async function runDocumentedCommands(root, targetOf) {
  const results = []
  for (const name of pages(root)) {
    const test = runByTests[name]
    if (test !== undefined) {
      console.log(`  - ${name} is run by ${test}`)
      continue
    }
    const blocks = blocksOf(fs.readFileSync(path.join(root, name), "utf8"))
    for (const { line, reason } of blocks) {
      if (reason !== null) console.log(`  - ${name}:${line} is not run: ${reason}`)
    }
    const wanted = blocks.filter(({ reason }) => reason === null)
    if (wanted.length > 0) results.push(await runBlocks(root, name, wanted, await targetOf(name)))
  }
  return results
}

/**
 * Returns the result of the commands of one page.
 * @param {string} root
 * @param {string} name
 * @param {Target} target
 * @returns {Promise<CheckResult>}
 */
export async function runPage(root, name, target) {
  const blocks = blocksOf(fs.readFileSync(path.join(root, name), "utf8"))
  return runBlocks(
    root,
    name,
    blocks.filter(({ reason }) => reason === null),
    target,
  )
}

/**
 * @param {string} root
 * @param {string} name
 * @param {readonly Block[]} blocks
 * @param {Target} target
 * @returns {Promise<CheckResult>}
 */
async function runBlocks(root, name, blocks, { env, before = "", standsFor }) {
  const script = blocks.map(({ line, text }) => `echo "@ line ${line}"\n${replaced(text, standsFor)}`)
  const { code, printed } = await runShell([before, ...script].join("\n"), root, env)
  return {
    name: `the commands of ${name}`,
    passed: code === 0,
    explanation: code === 0 ? "" : `Ended with ${code}. ${lastOf(printed)}`,
  }
}

/** @param {string} text @param {Target["standsFor"]} standsFor */
function replaced(text, standsFor) {
  return standsFor.reduce((changed, [written, here]) => changed.replaceAll(written, here), text)
}

/** Prints the output from the failed block on. */
function lastOf(/** @type {string} */ printed) {
  return printed.slice(Math.max(0, printed.lastIndexOf("@ line"))).slice(-2_000)
}

/**
 * @param {string} script
 * @param {string} cwd
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ readonly code: number | null, readonly printed: string }>}
 */
function runShell(script, cwd, env) {
  return new Promise((resolve, reject) => {
    // A response of 4xx or 5xx must count as a failure.
    const strict = 'set -euo pipefail\ncurl() { command curl --fail-with-body "$@"; }\n'
    const child = spawn("bash", ["-c", strict + script], { cwd, env, stdio: ["ignore", "pipe", "pipe"] })
    let printed = ""
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", text => {
        printed += text
      })
    }
    child.once("error", reject)
    child.once("close", code => resolve({ code, printed }))
  })
}
