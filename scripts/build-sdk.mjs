// @ts-check
// Builds the SDK into sdk/dist: modules for Node 20 and newer that need no package, and their types.
//
//   node scripts/build-sdk.mjs
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { build } from "esbuild"
import { waitForLock } from "./launcher/lock.mjs"
import { isStamped, stamped } from "./launcher/stamp.mjs"
import { stampFile, stampKey } from "./sdk-stamp.mjs"

const root = path.resolve(import.meta.dirname, "..")
const sdk = path.join(root, "sdk")
/** @type {{ readonly version: string, readonly exports: Readonly<Record<string, unknown>> }} */
const manifest = JSON.parse(fs.readFileSync(path.join(sdk, "package.json"), "utf8"))

/** The modules that an application can import. */
const entries = Object.keys(manifest.exports)
  .filter(name => !name.endsWith(".json"))
  .map(name => (name === "." ? "auditorium" : path.basename(name)))

/** Builds into sdk/dist, unless that is up to date. Of several processes that want it, one does it. */
export async function buildSdk() {
  if (isUpToDate()) return
  const lock = await waitForLock(`${stampFile}.lock`, () => undefined)
  try {
    if (!isUpToDate()) await stamped(stampFile, stampKey(), () => buildInto(path.join(sdk, "dist")))
  } finally {
    lock.release()
  }
}

function isUpToDate() {
  return fs.existsSync(path.join(sdk, "dist", "auditorium.js")) && isStamped(stampFile, stampKey())
}

/**
 * The folder is replaced as a whole when everything has been built.
 * @param {string} folder
 */
async function buildInto(folder) {
  const draft = `${folder}-${process.pid}`
  try {
    await bundle(draft)
    writeTypes(path.join(draft, "types"))
    fs.rmSync(folder, { recursive: true, force: true })
    fs.renameSync(draft, folder)
  } finally {
    fs.rmSync(draft, { recursive: true, force: true })
  }
}

/** @param {string} outdir */
async function bundle(outdir) {
  await build({
    entryPoints: entries.map(entry => path.join(sdk, "src", `${entry}.ts`)),
    outdir,
    bundle: true,
    // What several modules share is there once: an application has one connection, whatever it imports.
    splitting: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    external: ["node:*"],
    target: "node20.19",
    minify: true,
    // The stack of an error names our functions.
    keepNames: false,
    legalComments: "none",
    alias: { "@": root },
    define: { __SDK_VERSION__: JSON.stringify(manifest.version) },
    logLevel: "warning",
  })
}

/**
 * Writes the declarations that the modules need, with paths in the place of `@/`.
 * @param {string} outDir
 */
function writeTypes(outDir) {
  const config = path.join(sdk, "tsconfig.types.json")
  const compiler = path.join(root, "node_modules/typescript/bin/tsc")
  const done = spawnSync(process.execPath, [compiler, "--project", config, "--outDir", outDir], {
    cwd: root,
    encoding: "utf8",
  })
  if (done.status !== 0)
    throw new Error(`The types of the SDK cannot be written.\n${done.stdout}${done.stderr}`)
  const needed = new Set(entries.flatMap(entry => reachable(outDir, `sdk/src/${entry}.d.ts`)))
  for (const file of fs.readdirSync(outDir, { recursive: true, encoding: "utf8" })) {
    const whole = path.join(outDir, file)
    if (fs.statSync(whole).isFile() && !needed.has(file)) fs.rmSync(whole)
  }
}

/**
 * Returns a declaration and those it imports, after their imports have been made relative.
 * @param {string} outDir
 * @param {string} file
 * @param {Set<string>} [found]
 * @returns {readonly string[]}
 */
function reachable(outDir, file, found = new Set()) {
  if (found.has(file)) return [...found]
  found.add(file)
  const whole = path.join(outDir, file)
  const text = fs.readFileSync(whole, "utf8")
  const rewritten = text.replaceAll(/(["'])(@\/|\.\/)([^"']+)\1/g, (_all, quote, from, rest) => {
    const target = (from === "@/" ? rest : path.posix.join(path.posix.dirname(file), rest)).replace(
      /\.js$/,
      "",
    )
    reachable(outDir, `${target}.d.ts`, found)
    const relative = path.posix.relative(path.posix.dirname(file), target)
    return `${quote}${relative.startsWith(".") ? relative : `./${relative}`}.js${quote}`
  })
  fs.writeFileSync(whole, rewritten)
  return [...found]
}

if (process.argv[1] === import.meta.filename) await buildSdk()
