// @ts-check
// What a console writes to its standard output when ClearML's adapter `raw_log` is set, as its documentation prints it.
import { setTimeout as sleep } from "node:timers/promises"
import { commandArguments } from "./commands.mjs"
import { cleanEnvironment } from "./console-under-test.mjs"
import { run } from "./run.mjs"

export const rawLog = {
  CLEARML__APISERVER__log_calls: "true",
  CLEARML__APISERVER__apilog__adapter: "raw_log",
}

/** The members of the documented entry, in its order. */
const documented = [
  "@timestamp call_id ip endpoint duration request_size response_size auth result",
  "identity",
  "role user_name company_name",
  "code msg",
]
const wanted = 3
// Only against a hang.
const patienceMs = 60_000

/**
 * Makes calls to the console and waits for their entries. Throws an Error that shows a line which is something else.
 * @param {string} root
 * @param {string} dataDirectory
 * @param {{ readonly connection: { readonly baseUrl: string }, readonly stdout: () => string }} console_
 */
export async function entriesOnly(root, dataDirectory, { connection: { baseUrl }, stdout }) {
  const key = await createKey(root, dataDirectory)
  const written = () => linesOf(stdout()).filter(line => line.includes('"/api/v1/key"')).length
  // The sink begins with the worker, which may be ready after the first calls.
  for (const end = performance.now() + patienceMs; written() < wanted; await sleep(250)) {
    const answer = await fetch(`${baseUrl}/api/v1/key`, { headers: { Authorization: `Bearer ${key}` } })
    if (!answer.ok) throw new Error(`The console answered ${answer.status}.`)
    if (performance.now() > end) throw new Error(`${written()} entries came:\n${stdout().slice(-2_000)}`)
  }
  for (const line of linesOf(stdout())) {
    if (!isDocumented(line)) throw new Error(`This is no entry: ${line.slice(0, 500)}`)
  }
}

function linesOf(/** @type {string} */ text) {
  return text.split("\n").slice(0, -1)
}

/** @param {string} line */
export function isDocumented(line) {
  try {
    const entry = JSON.parse(line)
    const found = [entry, entry.auth, entry.auth.identity, entry.result].map(each =>
      Object.keys(each).join(" "),
    )
    return found.join("|") === documented.join("|") && JSON.stringify(entry) === line
  } catch {
    return false
  }
}

/** @param {string} root @param {string} dataDirectory @returns {Promise<string>} */
async function createKey(root, dataDirectory) {
  const options = [
    "--organization",
    "acme",
    "--app",
    "model-hub",
    "--name",
    "raw-log",
    "--scope",
    "LOG-MANAGEMENT",
  ]
  const args = [...commandArguments(root, "admin"), "key", "create", ...options, "--json"]
  const env = { ...cleanEnvironment(), DATA_DIR: dataDirectory }
  return JSON.parse(await run(process.execPath, args, { cwd: root, env })).key
}
