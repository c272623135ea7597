// @ts-check
// The real launcher with a separate data directory and port, for the end-to-end tests.
import { spawn } from "node:child_process"
import { setTimeout as sleep } from "node:timers/promises"
import { readConnection } from "./data-directory.mjs"

/** @typedef {import("./data-directory.mjs").Connection} Connection */

/**
 * Starts a console. Resolves when it is ready, with the time that took; rejects with its output when it ends before.
 * @param {string} root
 * @param {string} dataDirectory
 * @param {{ readonly patienceMs?: number, readonly show?: boolean, readonly settings?: Readonly<Record<string, string>> }} [options]
 */
export async function startConsole(
  root,
  dataDirectory,
  { patienceMs = 180_000, show = false, settings = {} } = {},
) {
  const began = performance.now()
  const child = spawn(process.execPath, ["scripts/start.mjs"], {
    cwd: root,
    // A machine that pauses for a while must not decide whether a test passes.
    env: {
      ...cleanEnvironment(),
      DATABASE_PATIENCE_SECONDS: "60",
      ...settings,
      DATA_DIR: dataDirectory,
      PORT: "0",
      HOST: "127.0.0.1",
    },
    stdio: ["ignore", "pipe", "pipe"],
  })
  let printed = ""
  let entries = ""
  child.stdout.on("data", text => {
    entries += text
  })
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", text => {
      printed = (printed + text).slice(-100_000)
      if (show) process.stdout.write(text)
    })
  }
  /** @type {Promise<number | null>} */
  const ended = new Promise(resolve => child.once("exit", resolve))
  const connection = await Promise.race([
    waitForConnection(dataDirectory, child.pid, patienceMs),
    ended.then(() => null),
  ])
  if (connection === null) {
    child.kill("SIGKILL")
    throw new Error(`The console did not start:\n${printed}`)
  }
  return {
    connection,
    tookMs: performance.now() - began,
    printed: () => printed,
    /** What it has written to its standard output. */
    stdout: () => entries,
    kill: (/** @type {NodeJS.Signals} */ signal) => child.kill(signal),
    ended,
  }
}

/**
 * @param {string} dataDirectory
 * @param {number | undefined} pid
 * @param {number} patienceMs
 * @returns {Promise<Connection | null>}
 */
async function waitForConnection(dataDirectory, pid, patienceMs) {
  for (const end = performance.now() + patienceMs; performance.now() < end; await sleep(50)) {
    const connection = readConnection(dataDirectory)
    if (connection?.pid === pid) return connection
  }
  return null
}

/** The settings of a developer's own console must not reach the one under test. */
export function cleanEnvironment() {
  const ours = [
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "BASE_URL",
    "SECRET",
    "GRPC_PORT",
    "GRPC_TLS_PORT",
    "SEED_DEMO",
    "TRUSTED_PROXIES",
    "INGESTION_RATE_PER_SECOND",
    "REQUESTS_IN_WORK",
    "BODY_BYTES_PER_SECOND",
    "CLARIFAI_RATE",
    "EXPORT_LIMIT",
    "EXPORT_LIMIT_PER_ORGANIZATION",
    "OIDC_ISSUER",
    "OIDC_CLIENT_ID",
    "OIDC_CLIENT_SECRET",
    "OIDC_NAME",
    "OIDC_ALLOWED_DOMAINS",
    "OIDC_GROUPS_CLAIM",
    "SMTP_URL",
    "MAIL_FROM",
  ]
  return { ...process.env, ...Object.fromEntries(ours.map(name => [name, ""])) }
}
