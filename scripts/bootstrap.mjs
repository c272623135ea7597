// @ts-check
// Prepares this folder: packages, database client, console. Runs before anything is installed, so it needs nothing but
// node, and says so in words when node is too old. What is up to date is not done again.
//
//   node scripts/bootstrap.mjs generate   packages and the database client      (npm run dev, migrate, admin, ...)
//   node scripts/bootstrap.mjs build      ... and the console, the commands and the SDK (npm start, npm run build)
//   node scripts/bootstrap.mjs test       packages, database client, programs   (npm test, which builds by itself)
//   node scripts/bootstrap.mjs pictures   all of it                             (npm run screenshots)
import * as fs from "node:fs"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { findBrowser } from "./launcher/browser.mjs"
import { commandsFolder } from "./launcher/commands.mjs"
import { waitForLock } from "./launcher/lock.mjs"
import { run } from "./launcher/run.mjs"
import { fingerprint, isStamped, stamped } from "./launcher/stamp.mjs"
import { step, terminal } from "./launcher/terminal.mjs"
import {
  browserTools,
  installTools,
  missingTools,
  testTools,
  whyNotInstalled,
} from "./launcher/test-tools.mjs"
import { stampFile, stampKey } from "./sdk-stamp.mjs"

/** @typedef {{ label: string, done: string, stamp: string, key: () => string, proof: string, work: () => Promise<unknown> }} Step */

const oldestNode = /** @type {const} */ ([20, 19])
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..")
// The standard output belongs to the command that follows: other programs read it.
const out = terminal(process.stderr)

const quietEnv = {
  ...process.env,
  NEXT_TELEMETRY_DISABLED: "1",
  CHECKPOINT_DISABLE: "1",
  PRISMA_HIDE_UPDATE_MESSAGE: "1",
  // The client is generated without the schema engine; any existing path keeps the command from downloading one.
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
}

/** @type {Step} */
const packages = {
  label: "installing packages",
  done: "packages installed",
  stamp: "node_modules/.auditorium-packages",
  key: () =>
    [fingerprint(root, ["package-lock.json"]), process.platform, process.arch, process.versions.modules].join(
      " ",
    ),
  proof: "node_modules/next/package.json",
  work: () => {
    // Development packages are included whatever NODE_ENV is: the build needs them.
    const args = ["ci", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"]
    const npm = process.env.npm_execpath
    return npm?.endsWith("npm-cli.js")
      ? run(process.execPath, [npm, ...args], { cwd: root })
      : run("npm", args, { cwd: root })
  },
}

/** @type {Step} */
const client = {
  label: "generating the database client",
  done: "database client generated",
  stamp: "lib/generated/prisma/.auditorium-client",
  key: () => fingerprint(root, ["package-lock.json", "prisma/schema.prisma", "prisma.config.ts"]),
  proof: "lib/generated/prisma/client.ts",
  work: () =>
    run(process.execPath, ["node_modules/prisma/build/index.js", "generate"], { cwd: root, env: quietEnv }),
}

const builtFrom = [
  "app",
  "components",
  "lib",
  "public",
  "instrumentation.ts",
  "instrumentation-client.ts",
  "proxy.ts",
  "next.config.ts",
  "postcss.config.mjs",
  "tsconfig.json",
  "package-lock.json",
  "prisma/schema.prisma",
]

/** @type {Step} */
const console_ = {
  label: "building the console",
  done: "console built",
  stamp: ".next/auditorium-build",
  key: () => fingerprint(root, builtFrom, isPartOfBuild),
  proof: ".next/BUILD_ID",
  work: () =>
    run(process.execPath, ["node_modules/next/dist/bin/next", "build"], {
      cwd: root,
      env: { ...quietEnv, NODE_ENV: "production" },
    }),
}

/** @type {Step} */
const commands = {
  label: "building the commands",
  done: "commands built",
  stamp: `${commandsFolder}/.auditorium-commands`,
  key: () => fingerprint(root, commandsBuiltFrom, isPartOfBuild),
  proof: `${commandsFolder}/worker.mjs`,
  work: () => run(process.execPath, ["scripts/image/bundle.mjs", commandsFolder], { cwd: root }),
}

const commandsBuiltFrom = [
  "lib",
  "scripts",
  "sdk/src",
  "components/audit-log/values/visible.ts",
  "package-lock.json",
  "package.json",
  "prisma/schema.prisma",
]

/** @type {Step} */
const sdk = {
  label: "building the SDK",
  done: "SDK built",
  stamp: path.relative(root, stampFile),
  key: stampKey,
  proof: "sdk/dist/auditorium.js",
  work: () => run(process.execPath, ["scripts/build-sdk.mjs"], { cwd: root }),
}

/** Returns false for files that no page can contain, so that editing a test does not cause a build. */
function isPartOfBuild(/** @type {string} */ relative) {
  return !/(^|\/)(generated|fixtures|testing)$|\.(test|contract|test-d)\.tsx?$/.test(relative)
}

/** Installs what the tests need beside npm's packages. Says what is still missing, and why. */
async function provide(/** @type {readonly import("./launcher/test-tools.mjs").Tool[]} */ wanted) {
  const missing = missingTools(wanted)
  if (missing.length === 0) return
  if (process.env.CHROMIUM && findBrowser() === null)
    fail(`CHROMIUM names ${process.env.CHROMIUM}, which does not exist.`)
  const possible = missing.filter(tool => whyNotInstalled(tool) === null)
  const names = possible.map(({ name }) => name).join(", ")
  const reasons =
    possible.length === 0
      ? []
      : await step(out, `installing ${names}`, "programs for the tests installed", () =>
          installTools(possible, run),
        )
  for (const reason of reasons) out.write(`  ! ${reason}\n`)
  for (const tool of missingTools(wanted)) {
    const reason = whyNotInstalled(tool)
    out.write(`  ! ${tool.advice}${reason === null ? "" : ` It is not installed now: ${reason}.`}\n`)
  }
}

/** Runs the steps that are not up to date, in order, in one process at a time. */
async function prepare(/** @type {readonly Step[]} */ steps) {
  const isDone = (/** @type {Step} */ { stamp, proof, key }) =>
    isStamped(path.join(root, stamp), key()) && fs.existsSync(path.join(root, proof))
  if (steps.every(isDone)) return
  const lock = await waitForLock(path.join(root, ".bootstrap.lock"), pid => {
    out.write(`  - process ${pid} is preparing this folder; waiting for it\n`)
  })
  try {
    for (const one of steps) {
      if (isDone(one)) continue
      const key = one.key()
      await step(out, one.label, one.done, () =>
        stamped(path.join(root, one.stamp), key, async () => {
          await one.work()
        }),
      )
    }
  } finally {
    lock.release()
  }
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
  const [leastMajor, leastMinor] = oldestNode
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return
  fail(
    `Auditorium needs Node.js ${leastMajor}.${leastMinor} or newer; this is ${process.versions.node} (${process.execPath}).\n` +
      "Get a current one from https://nodejs.org or with your version manager (nvm install --lts).",
  )
}

/** @returns {never} */
function fail(/** @type {string} */ message) {
  process.stderr.write(`\n${message}\n\n`)
  process.exit(1)
}

const modes = /** @type {Readonly<Record<string, readonly Step[]>>} */ ({
  generate: [packages, client],
  build: [packages, client, console_, commands, sdk],
  test: [packages, client],
  pictures: [packages, client, console_, commands, sdk],
})

/** What the command of a mode needs beside npm's packages. */
const toolsOf =
  /** @type {Readonly<Record<string, readonly import("./launcher/test-tools.mjs").Tool[]>>} */ ({
    test: testTools,
    pictures: browserTools,
  })

requireNode()
const mode = process.argv[2] ?? "build"
const steps = modes[mode]
if (steps === undefined) fail(`Unknown mode "${mode}"; one of ${Object.keys(modes).join(", ")}.`)
try {
  await prepare(steps)
  await provide(toolsOf[mode] ?? [])
} catch (error) {
  fail(error instanceof Error ? error.message : String(error))
}
