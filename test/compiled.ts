import { rmSync } from "node:fs"
import path from "node:path"
import { build } from "esbuild"

const root = path.resolve(import.meta.dirname, "..")
const compiled = new Map<string, Promise<string>>()

/**
 * Returns the file of one of the project's scripts as plain JavaScript, which node runs as it is. A script that is compiled at each
 * start spends seconds of CPU before its first line; this is done once for all tests of a process.
 */
export function compiledScript(script: string): Promise<string> {
  const known = compiled.get(script) ?? compile(script)
  compiled.set(script, known)
  return known
}

async function compile(script: string): Promise<string> {
  const name = `test-${process.pid}-${script.replaceAll(/\W/g, "-")}.mjs`
  const outfile = path.join(root, "node_modules/.cache/auditorium", name)
  await build({
    absWorkingDir: root,
    entryPoints: [script],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    alias: { "@": root },
    // It finds its files as if it stood where it was written.
    define: { "import.meta.dirname": JSON.stringify(path.join(root, path.dirname(script))) },
    logLevel: "error",
  })
  process.once("exit", () => rmSync(outfile, { force: true }))
  return outfile
}
