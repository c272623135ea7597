// @ts-check
// npm run test:node                          the unit tests on newer versions of Node.js
// npm run test:node -- 24 lib/env/env.test.ts    one version, some files
//
// The versions come from the package `node` of the npm registry, whose install script puts the program in its place: install
// scripts are allowed for this one package, whatever the configuration of npm says.
import * as path from "node:path"
import "./launcher/end-with-parent.mjs"
import { CommandError, run } from "./launcher/run.mjs"

const root = path.resolve(import.meta.dirname, "..")
const standardVersions = ["22", "24"]

const asked = process.argv.slice(2)
const versions = asked.filter(argument => /^\d+(\.\d+)*$/.test(argument))
const files = asked.filter(argument => !versions.includes(argument))

for (const version of versions.length > 0 ? versions : standardVersions) {
  console.log(`\nNode.js ${version}`)
  const program = ["exec", "--yes", "--ignore-scripts=false", `--package=node@${version}`, "--", "node"]
  try {
    await run("npm", [...program, "scripts/test.mjs", "unit", ...files], { cwd: root, show: true })
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}
