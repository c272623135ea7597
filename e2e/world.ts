import { execFileSync } from "node:child_process"
import { readFileSync, rmSync, writeFileSync } from "node:fs"
import path from "node:path"
import { buildSync } from "esbuild"

/** Who takes part in the specs, by what they may do. */
export const people = {
  administrator: { email: "ada@acme.example", organization: "acme" },
  reader: { email: "hannah.weiss@acme.example", organization: "acme" },
  member: { email: "samuel.adeyemi@acme.example", organization: "acme" },
  /** Administrator of another organization. */
  stranger: { email: "stella@globex.example", organization: "globex" },
} as const

export type PersonName = keyof typeof people

/** One password for all: they live in a database that is thrown away. */
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
/** Where the console under test keeps its data. */
export const dataDirectory = process.env.E2E_DATA_DIR ?? path.join(root, ".data")
const worldFile = path.join(dataDirectory, "e2e-world.json")

/** Returns where the browser state of somebody who has signed in is kept. */
export function stateFile(name: PersonName): string {
  return path.join(dataDirectory, `e2e-${name}.json`)
}

/** Returns what the setup has made. */
export function readWorld(): World {
  // The one cast: the file was written by `writeWorld` below.
  return JSON.parse(readFileSync(worldFile, "utf8")) as World
}

/** Keeps what the setup has made, for the specs. */
export function writeWorld(world: World): void {
  writeFileSync(worldFile, JSON.stringify(world), { mode: 0o600 })
}

type Printed = Readonly<Record<string, unknown>>

let bundle: string | undefined

/**
 * Returns the admin command as one file, built once per process: the specs run it often, and compiling it from TypeScript
 * costs four times as much CPU as what it does. Its folder stands where `scripts/` does, below the root.
 */
export function adminBundle(): string {
  if (bundle === undefined) {
    const outfile = path.join(root, ".next", `e2e-admin-${process.pid}.mjs`)
    buildSync({
      entryPoints: [path.join(root, "scripts/admin.ts")],
      outfile,
      bundle: true,
      platform: "node",
      format: "esm",
      packages: "external",
      logLevel: "error",
    })
    process.once("exit", () => rmSync(outfile, { force: true }))
    bundle = outfile
  }
  return bundle
}

/** Returns what the admin command printed as JSON, one object or a list. Throws with the command's words. */
export function admin(...args: readonly string[]): Printed | readonly Printed[] {
  const output = execFileSync(process.execPath, [adminBundle(), ...args, "--json"], {
    cwd: root,
    env: { ...process.env, DATA_DIR: dataDirectory },
    encoding: "utf8",
  })
  // The one cast: the command prints JSON objects.
  return JSON.parse(output) as Printed | readonly Printed[]
}

/** Returns the named text of what the admin command printed. */
export function adminText(member: string, ...args: readonly string[]): string {
  const printed = admin(...args)
  const value = Array.isArray(printed)
    ? undefined
    : Object.entries(printed).find(([name]) => name === member)?.[1]
  if (typeof value !== "string") throw new Error(`"admin ${args.join(" ")}" printed no ${member}.`)
  return value
}

/** Returns the output of one of the project's commands. Throws when it fails. */
export function command(script: string, ...args: readonly string[]): string {
  return execFileSync(process.execPath, ["node_modules/tsx/dist/cli.mjs", `scripts/${script}.ts`, ...args], {
    cwd: root,
    env: { ...process.env, DATA_DIR: dataDirectory },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  })
}
