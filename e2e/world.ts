import { execFileSync } from "node:child_process"
import { readFileSync, rmSync, writeFileSync } from "node:fs"
import path from "node:path"
import { pathToFileURL } from "node:url"
import { build } from "esbuild"
import { commandArguments } from "@/scripts/launcher/commands.mjs"

/** The people of the specs, by what they may do. */
export const people = {
  administrator: { email: "ada@acme.example", organization: "acme" },
  reader: { email: "hannah.weiss@acme.example", organization: "acme" },
  member: { email: "samuel.adeyemi@acme.example", organization: "acme" },
  /** Administrator of another organization. */
  stranger: { email: "stella@globex.example", organization: "globex" },
} as const

export type PersonName = keyof typeof people

/** One password for all: they exist in a temporary database. */
export const password = "correct horse battery staple"

export interface World {
  readonly keys: {
    /** Sends events of the app `sandbox`. */
    readonly ingestion: string
    /** Reads the organization's log. */
    readonly reading: string
    /** Reads the log of the other organization. */
    readonly foreign: string
  }
  /** An event of the other organization. */
  readonly foreignEventId: string
}

const root = path.resolve(import.meta.dirname, "..")
/** The data directory of the console under test. */
export const dataDirectory = process.env.E2E_DATA_DIR ?? path.join(root, ".data")
const worldFile = path.join(dataDirectory, "e2e-world.json")

/** Returns the file with the browser state of a signed-in person. */
export function stateFile(name: PersonName): string {
  return path.join(dataDirectory, `e2e-${name}.json`)
}

/** Returns what the setup created. */
export function readWorld(): World {
  // The one cast: the file was written by `writeWorld` below.
  return JSON.parse(readFileSync(worldFile, "utf8")) as World
}

/** Stores what the setup created, for the specs. */
export function writeWorld(world: World): void {
  writeFileSync(worldFile, JSON.stringify(world), { mode: 0o600 })
}

type Printed = Readonly<Record<string, unknown>>

type RunAdmin = (
  args: readonly string[],
) => Promise<{ readonly code: number; readonly output: string; readonly errors: string }>

let loaded: Promise<RunAdmin> | undefined

/**
 * Returns the admin command as a function. The specs run it often, and a separate process spends seconds of CPU on
 * compiling TypeScript, starting Prisma and connecting; in this process all of it happens once. The file is where nothing is
 * compiled again.
 */
function loadAdmin(): Promise<RunAdmin> {
  loaded ??= (async () => {
    const outfile = path.join(root, "node_modules/.cache/auditorium", `e2e-admin-${process.pid}.mjs`)
    await build({
      stdin: {
        contents: `export { openAdmin } from "./scripts/admin/main"\nexport { runCommand } from "./scripts/admin/run"`,
        resolveDir: root,
      },
      outfile,
      bundle: true,
      platform: "node",
      format: "esm",
      packages: "external",
      logLevel: "error",
    })
    process.once("exit", () => rmSync(outfile, { force: true }))
    const { openAdmin, runCommand } = await import(pathToFileURL(outfile).href)
    await openAdmin(root, { ...process.env, DATA_DIR: dataDirectory })
    return (args: readonly string[]) => runCommand(args, async () => async () => {})
  })()
  return loaded
}

/** Returns what the admin command printed as JSON, one object or a list. Throws with the command's message. */
export async function admin(...args: readonly string[]): Promise<Printed | readonly Printed[]> {
  const runAdmin = await loadAdmin()
  const { code, output, errors } = await runAdmin([...args, "--json"])
  if (code !== 0) throw new Error(errors)
  // The one cast: the command prints JSON objects.
  return JSON.parse(output) as Printed | readonly Printed[]
}

/** Returns the named text of what the admin command printed. */
export async function adminText(member: string, ...args: readonly string[]): Promise<string> {
  const printed = await admin(...args)
  const value = Array.isArray(printed)
    ? undefined
    : Object.entries(printed).find(([name]) => name === member)?.[1]
  if (typeof value !== "string") throw new Error(`"admin ${args.join(" ")}" printed no ${member}.`)
  return value
}

/** Returns the output of one of the project's commands. Throws when it fails. */
export function command(script: string, ...args: readonly string[]): string {
  return execFileSync(process.execPath, [...commandArguments(root, script), ...args], {
    cwd: root,
    env: { ...process.env, DATA_DIR: dataDirectory },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  })
}
