// @ts-check
// What the tests need that npm does not bring: a browser, and the real programs that the tests of proxies, sinks and metrics
// talk to. Where they cannot be installed, each test says why it is left out.
import { accessSync, constants, existsSync, rmSync, writeFileSync } from "node:fs"
import * as path from "node:path"
import { browserAdvice, findBrowser } from "./browser.mjs"

/**
 * @typedef {object} Tool
 * @property {string} name
 * @property {() => boolean} isThere
 * @property {readonly (readonly string[])[]} packages Debian's names for it; the first of them that can be installed is enough
 * @property {boolean} isServer its package starts a service
 * @property {string} advice what is missing without it
 */

/** @type {Tool} */
const browser = {
  name: "Chromium",
  isThere: () => findBrowser() !== null,
  // Other distributions have it under its old name only.
  packages: ["chromium-headless-shell", "chromium"].map(name => [
    name,
    "fonts-liberation",
    "fonts-noto-core",
  ]),
  isServer: false,
  advice: browserAdvice,
}

/**
 * @param {string} name
 * @param {string} packageName
 * @param {string} tests
 * @param {Partial<Tool>} [more]
 * @returns {Tool}
 */
function tool(name, packageName, tests, more = {}) {
  const advice = `Without ${name} the tests of ${tests} are skipped. Debian has it in the package ${packageName}.`
  return {
    name,
    isThere: () => isProgram(name),
    packages: [[packageName]],
    isServer: false,
    advice,
    ...more,
  }
}

/** What drives the pages. */
export const browserTools = [browser]

/** @type {readonly Tool[]} */
export const testTools = [
  browser,
  tool("nginx", "nginx", "proxies", { isServer: true }),
  tool("rsyslogd", "rsyslog", "the syslog sink", { isServer: true }),
  tool("rsyslog's TLS", "rsyslog-openssl", "the syslog sink over TLS", {
    isServer: true,
    isThere: () => libraryFolders.some(folder => existsSync(path.join(folder, "rsyslog/lmnsd_ossl.so"))),
  }),
  tool("promtool", "prometheus", "the form of the metrics", { isServer: true }),
  tool("openssl", "openssl", "TLS"),
  tool("curl", "curl", "the commands of the documentation"),
]

const libraryFolders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"]

/** Daemons are in folders that the PATH of an ordinary user lacks. */
const programFolders = [...(process.env.PATH ?? "").split(path.delimiter), "/usr/sbin", "/sbin"]

/** Returns whether a program of that name can be started. */
function isProgram(/** @type {string} */ name) {
  return programFolders.some(folder => {
    try {
      accessSync(path.join(folder, name), constants.X_OK)
      return folder !== ""
    } catch {
      return false
    }
  })
}

/** Returns the tools that this machine lacks. */
export function missingTools(/** @type {readonly Tool[]} */ tools = testTools) {
  return tools.filter(({ isThere }) => !isThere())
}

/**
 * Returns why apt-get must not install this here, or null. On a machine that runs systemd, the package of a server would be
 * started with the machine from then on: there, people install it themselves.
 */
export function whyNotInstalled(/** @type {Pick<Tool, "isServer">} */ { isServer }) {
  if (process.getuid?.() !== 0) return "only root can install it"
  if (!existsSync("/usr/bin/apt-get")) return "there is no apt-get"
  if (isServer && existsSync("/run/systemd/system")) return "it would be started with this machine"
  return null
}

/** What Debian's packages ask before they start a service; 101 is no. */
const debianPolicy = "/usr/sbin/policy-rc.d"

/**
 * Installs the tools with apt-get, without starting a service. Returns why one could not be installed, one sentence each.
 * @param {readonly Tool[]} tools
 * @param {(file: string, args: readonly string[], options: { env: NodeJS.ProcessEnv }) => Promise<unknown>} run
 * @param {string} [policy]
 * @returns {Promise<readonly string[]>}
 */
export async function installTools(tools, run, policy = debianPolicy) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" }
  const apt = (/** @type {readonly string[]} */ args) => run("apt-get", ["-qq", ...args], { env })
  const isOurs = !existsSync(policy)
  if (isOurs) writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 })
  try {
    // Without new lists the known ones may do.
    await apt(["update"]).catch(() => {})
    const reasons = []
    for (const { packages } of tools) reasons.push(await installFirst(packages, apt))
    return reasons.filter(reason => reason !== null)
  } finally {
    if (isOurs) rmSync(policy, { force: true })
  }
}

/**
 * @param {Tool["packages"]} packages
 * @param {(args: readonly string[]) => Promise<unknown>} apt
 * @returns {Promise<string | null>} why none of them could be installed
 */
async function installFirst(packages, apt) {
  let reason = ""
  for (const names of packages) {
    try {
      await apt(["install", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", ...names])
      return null
    } catch (error) {
      reason ||= error instanceof Error ? error.message : String(error)
    }
  }
  return reason
}
