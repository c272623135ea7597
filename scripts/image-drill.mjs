// @ts-check
// Tests the content of the container image, run as the image runs it: every service of compose.yaml against a separate
// PostgreSQL. Where Debian's buildah is installed, the image itself is built and run too.
import { spawn } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { parse } from "yaml"
import { buildImage, findBuildah } from "./image-buildah.mjs"
import { probePort } from "./launcher/port.mjs"
import { run } from "./launcher/run.mjs"
import { startPostgres } from "./postgres.mjs"

/** @typedef {import("./check.mjs").CheckResult} CheckResult */
/** @typedef {(args: readonly string[], env: Readonly<Record<string, string>>) => import("node:child_process").ChildProcess} Start */

const endsWithinMs = 10_000
const healthyWithinMs = 120_000

/**
 * Returns one result for each guarantee. The console must have been built.
 * @param {string} root
 * @returns {Promise<readonly CheckResult[]>}
 */
export async function drillImage(root) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "auditorium-image-"))
  const postgres = await startPostgres({ directory: path.join(folder, "postgres") })
  const results = /** @type {CheckResult[]} */ ([])
  const guarantee = async (/** @type {string} */ name, /** @type {() => Promise<unknown>} */ work) => {
    try {
      await work()
      results.push({ name, passed: true, explanation: "" })
    } catch (error) {
      results.push({
        name,
        passed: false,
        explanation: error instanceof Error ? error.message : String(error),
      })
    }
  }
  try {
    const image = path.join(folder, "image")
    await run(process.execPath, ["scripts/image/bundle.mjs", path.join(folder, "dist")], { cwd: root })
    await run(process.execPath, ["scripts/image/assemble.mjs", image, path.join(folder, "dist")], {
      cwd: root,
    })
    const inFolder = startInFolder(image)
    const secrets = writeSecrets(path.join(folder, "secrets"), postgres)
    const compose = parse(fs.readFileSync(path.join(root, "compose.yaml"), "utf8"), { merge: true })
    await guarantee(
      "compose.yaml: every secret that a service names is declared, and given as a file",
      async () => checkSecrets(compose, Object.keys(secrets)),
    )
    await drillServices("the image's folder", { start: inFolder, compose, secrets, guarantee })
    const buildah = findBuildah()
    if (buildah === null) {
      console.log(
        "  - the image is not built: buildah is not installed (apt-get install buildah debootstrap)",
      )
    } else {
      await guarantee("the image builds", async () => {
        const inImage = await buildImage(buildah, root, folder)
        await drillServices("the image", { start: inImage, compose, secrets, guarantee })
      })
    }
  } finally {
    await postgres.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  }
  return results
}

/**
 * @param {string} what
 * @param {object} given
 * @param {Start} given.start
 * @param {any} given.compose
 * @param {Readonly<Record<string, string>>} given.secrets
 * @param {(name: string, work: () => Promise<unknown>) => Promise<void>} given.guarantee
 */
async function drillServices(what, { start, compose, secrets, guarantee }) {
  const ours = Object.entries(compose.services).filter(([name]) => name !== "database")
  const probed = await probePort("127.0.0.1", 0)
  const port = "port" in probed ? probed.port : 0
  /** @param {any} service */
  const envOf = service => ({
    ...secretFiles(service, secrets),
    BASE_URL: `http://127.0.0.1:${port}`,
    HOST: "127.0.0.1",
    PORT: String(port),
  })
  for (const [name, service] of ours) {
    const kind =
      service.restart === "on-failure" ? "ends well" : "runs, and ends within ten seconds of SIGTERM"
    await guarantee(`${what}: the service ${name} ${kind}`, async () => {
      const running = watch(start(service.command, envOf(service)))
      if (service.restart === "on-failure") return endsWell(running)
      await (name === "web" ? healthy(port, running) : saysThatItWaits(running))
      if (name === "web") await endsWell(watch(start(["health"], envOf(service))))
      running.child.kill("SIGTERM")
      const ended = await Promise.race([running.ended, sleep(endsWithinMs, "too late")])
      if (ended !== 0) {
        running.child.kill("SIGKILL")
        throw new Error(`After SIGTERM: ${ended}. ${running.printed()}`)
      }
    })
  }
}

/** @param {any} service @param {Readonly<Record<string, string>>} secrets */
function secretFiles(service, secrets) {
  const files = Object.entries(service.environment).filter(([name]) => name.endsWith("_FILE"))
  return Object.fromEntries(
    files.map(([name, file]) => [name, secrets[path.basename(String(file))] ?? `no secret ${file}`]),
  )
}

/** @param {any} compose @param {readonly string[]} known */
function checkSecrets({ services, secrets }, known) {
  for (const [name, service] of /** @type {[string, any][]} */ (Object.entries(services))) {
    const named = Object.entries(service.environment)
      .filter(([variable]) => variable.endsWith("_FILE"))
      .map(([, file]) => String(file).replace("/run/secrets/", ""))
    const missing = named.filter(secret => !service.secrets.includes(secret) || secrets[secret] === undefined)
    if (missing.length > 0) throw new Error(`${name} lacks the secrets ${missing.join(", ")}.`)
  }
  const unknown = Object.keys(secrets).filter(name => !["owner-password", ...known].includes(name))
  if (unknown.length > 0) throw new Error(`Nothing is known of the secrets ${unknown.join(", ")}.`)
}

/**
 * Returns the path of each secret's file. The role of the application does not exist yet.
 * @param {string} folder
 * @param {{ readonly ownerUrl: string }} postgres
 * @returns {Readonly<Record<string, string>>}
 */
function writeSecrets(folder, { ownerUrl }) {
  const application = Object.assign(new URL(ownerUrl), {
    username: "from_the_image",
    password: "words-of-it",
  })
  const contents = {
    "database-owner-url": ownerUrl,
    "database-url": application.href,
    secret: Buffer.from(crypto.getRandomValues(new Uint8Array(48))).toString("base64"),
  }
  // The folder is private, the files are not: the user inside a container is another one.
  fs.mkdirSync(folder, { mode: 0o755 })
  return Object.fromEntries(
    Object.entries(contents).map(([name, text]) => {
      fs.writeFileSync(path.join(folder, name), `${text}\n`, { mode: 0o444 })
      return [name, path.join(folder, name)]
    }),
  )
}

/** @param {string} image @returns {Start} */
function startInFolder(image) {
  return (args, env) =>
    spawn(process.execPath, programOf(image, args), {
      cwd: os.tmpdir(),
      env: { PATH: process.env.PATH, NODE_ENV: "production", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    })
}

/** The program that the image runs for a command; `health` is its health check. */
export function programOf(/** @type {string} */ image, /** @type {readonly string[]} */ args) {
  return args[0] === "health"
    ? [path.join(image, "scripts/image/health.mjs")]
    : [path.join(image, "scripts/image/entrypoint.mjs"), ...args]
}

/** @param {import("node:child_process").ChildProcess} child */
function watch(child) {
  let printed = ""
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", text => {
      printed = (printed + text).slice(-20_000)
    })
  }
  /** @type {Promise<number | null>} */
  const ended = new Promise(resolve => child.once("close", resolve))
  return { child, ended, printed: () => printed }
}

/** @typedef {ReturnType<typeof watch>} Watched */

/** @param {Watched} running */
async function endsWell({ ended, printed }) {
  const code = await ended
  if (code !== 0) throw new Error(`It ended with ${code}: ${printed()}`)
}

/** @param {number} port @param {Watched} running */
async function healthy(port, running) {
  await until(running, async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/health`).catch(() => null)
    return answer?.status === 200
  })
  const page = await fetch(`http://127.0.0.1:${port}/sign-in`)
  const text = await page.text()
  const script = text.match(/src="(\/_next\/static\/[^"]+\.js)"/)?.[1]
  const answer = await fetch(`http://127.0.0.1:${port}${script}`)
  if (page.status !== 200 || answer.status !== 200)
    throw new Error(`The sign-in page answers ${page.status}, its script ${script} ${answer.status}.`)
}

/**
 * The first run of every job takes a while on an empty database; a job is finished before the worker ends.
 * @param {Watched} running
 */
function saysThatItWaits(running) {
  const jobs = ["clock", "clean-up", "partitions"]
  return until(running, async () =>
    jobs.every(job => running.printed().includes(`"job.done","job":"${job}"`)),
  )
}

/** @param {Watched} running @param {() => Promise<boolean>} condition */
async function until({ child, printed }, condition) {
  for (const end = performance.now() + healthyWithinMs; performance.now() < end; await sleep(200)) {
    if (await condition()) return
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: ${printed()}`)
  }
  child.kill("SIGKILL")
  throw new Error(`It was not ready within ${healthyWithinMs / 1000} s: ${printed()}`)
}
