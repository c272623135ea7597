import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { buildSdk } from "@/scripts/build-sdk.mjs"
import { makeExampleApplication } from "@/scripts/launcher/example-application.mjs"

export interface Packed {
  /** A folder with the package installed from its archive, and links to the frameworks. */
  readonly folder: string
  readonly archiveBytes: number
  readonly files: readonly string[]
}

const root = path.resolve(import.meta.dirname, "../..")

let packing: Promise<Packed> | undefined

/** Returns the SDK as an application gets it: built, packed and installed into an empty folder. Once for all tests of a worker. */
export function packedSdk(): Promise<Packed> {
  packing ??= pack()
  return packing
}

async function pack(): Promise<Packed> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "sdk-packed-"))
  process.once("exit", () => fs.rmSync(folder, { recursive: true, force: true }))
  await buildSdk()
  const [packed] = JSON.parse(npm(root, ["pack", "./sdk", "--json", "--pack-destination", folder]))
  const application = makeExampleApplication(root, folder)
  npm(application, ["install", "--offline", "--no-audit", "--no-fund", path.join(folder, packed.filename)])
  fs.cpSync(path.join(root, "sdk/test/apps"), application, { recursive: true })
  return {
    folder: application,
    archiveBytes: packed.size,
    files: packed.files.map((file: { readonly path: string }) => file.path),
  }
}

function npm(cwd: string, args: readonly string[]): string {
  return execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })
}

export interface RunningApp {
  readonly url: string
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  /** What it wrote to its standard error. */
  readonly errors: () => string
}

/** Starts a program of the application folder, which prints its port. */
export async function startApp(
  { folder }: Packed,
  program: string,
  env: Readonly<Record<string, string>>,
): Promise<RunningApp> {
  const child = spawn(process.execPath, [program], {
    cwd: folder,
    env: { NODE_ENV: "production", PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  })
  let errors = ""
  child.stderr.on("data", chunk => {
    errors += chunk
  })
  const ended = new Promise<number | null>(resolve => child.once("exit", code => resolve(code)))
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once("data", chunk => resolve(JSON.parse(String(chunk)).port))
    void ended.then(code => reject(new Error(`${program} ended with ${code}: ${errors}`)))
  })
  return { url: `http://127.0.0.1:${port}`, child, ended, errors: () => errors }
}
