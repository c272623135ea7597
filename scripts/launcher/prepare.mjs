// @ts-check
// Prepares the database before the server starts; each step is a command in a separate process.
import * as path from "node:path"
import { commandArguments } from "./commands.mjs"
import { clusterOf } from "./data-directory.mjs"
import { CommandError, run } from "./run.mjs"
import { isStamped, stamped } from "./stamp.mjs"

/**
 * @typedef {object} Preparation
 * @property {string} root
 * @property {NodeJS.ProcessEnv} env
 * @property {import("./settings.mjs").Settings} settings
 * @property {boolean} [development]
 *
 * @typedef {{ readonly link: string, readonly email: string, readonly expiresAt: string }} FirstLink
 */

/**
 * @param {Preparation} preparation
 * @param {string} name
 * @param {readonly string[]} [args]
 */
const command = ({ root, env, development }, name, args = []) =>
  run(process.execPath, [...commandArguments(root, name, { development }), ...args], { cwd: root, env })

/**
 * Migrates the database to this version, and creates the demo organization where it is wanted.
 * @param {Preparation & { readonly stage: (label: string, done: string, work: () => Promise<unknown>) => Promise<unknown> }} preparation
 */
export async function prepareDatabase({ stage, ...preparation }) {
  const { env, settings } = preparation
  if (env.DATABASE_OWNER_URL) {
    const migrate = () => command(preparation, "migrate")
    await stage("bringing the database up to date", "database up to date", migrate)
  }
  if (!settings.seedDemo) return
  const seed = async () => {
    const { root } = preparation
    const fill = () => run(process.execPath, ["--import", "tsx", "prisma/seed.ts"], { cwd: root, env })
    await stage("creating the demo organization", "demo organization created", fill)
  }
  // Seeding twice is harmless but slow; only the embedded database has a place to remember it.
  if (!settings.embedded) return seed()
  const stamp = path.join(settings.dataDirectory, "demo-data")
  const cluster = clusterOf(path.join(settings.dataDirectory, "postgres"))
  if (!isStamped(stamp, cluster)) await stamped(stamp, cluster, seed)
}

/**
 * Returns a new link for the first administrator while none has a password, else null. Creates nothing in an external
 * database.
 * @param {Preparation & { readonly warn: (message: string) => void }} preparation
 * @returns {Promise<FirstLink | null>}
 */
export async function firstLink({ warn, ...preparation }) {
  const { embedded, seedDemo } = preparation.settings
  if (!embedded && !seedDemo) return null
  try {
    const printed = await command(preparation, "admin", ["link", "--first", "--json"])
    const found = JSON.parse(printed)
    return found.link === null ? null : found
  } catch (error) {
    // Without demo data there is no administrator yet; the closing text names the command.
    const isNobody = error instanceof CommandError && error.output.includes('"not-found"')
    if (!isNobody) warn(`No link was made. ${error instanceof Error ? error.message : error}`)
    return null
  }
}
