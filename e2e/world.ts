import { execFileSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import path from "node:path"

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

/** Promise: where the browser state of somebody who has signed in is kept. */
export function stateFile(name: PersonName): string {
  return path.join(dataDirectory, `e2e-${name}.json`)
}

/** Promise: what the setup has made. */
export function readWorld(): World {
  // The one cast: the file was written by `writeWorld` below.
  return JSON.parse(readFileSync(worldFile, "utf8")) as World
}

/** Keeps what the setup has made, for the specs. */
export function writeWorld(world: World): void {
  writeFileSync(worldFile, JSON.stringify(world), { mode: 0o600 })
}

type Printed = Readonly<Record<string, unknown>>

/** Promise: what the admin command printed as JSON, one object or a list. A refusal throws with the command's words. */
export function admin(...args: readonly string[]): Printed | readonly Printed[] {
  const output = execFileSync(
    process.execPath,
    ["node_modules/tsx/dist/cli.mjs", "scripts/admin.ts", ...args, "--json"],
    {
      cwd: root,
      env: { ...process.env, DATA_DIR: dataDirectory },
      encoding: "utf8",
    },
  )
  // The one cast: the command prints JSON objects.
  return JSON.parse(output) as Printed | readonly Printed[]
}

/** Promise: the named text of what the admin command printed. */
export function adminText(member: string, ...args: readonly string[]): string {
  const printed = admin(...args)
  const value = Array.isArray(printed)
    ? undefined
    : Object.entries(printed).find(([name]) => name === member)?.[1]
  if (typeof value !== "string") throw new Error(`"admin ${args.join(" ")}" printed no ${member}.`)
  return value
}

/** Promise: exit code and both outputs of one of the project's commands. */
export function command(script: string, ...args: readonly string[]): string {
  return execFileSync(process.execPath, ["node_modules/tsx/dist/cli.mjs", `scripts/${script}.ts`, ...args], {
    cwd: root,
    env: { ...process.env, DATA_DIR: dataDirectory },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  })
}
