// `npm run bench`: the measurements need TypeScript and otherwise only what the console has.
import * as path from "node:path"
import "./launcher/end-with-parent.mjs"
import { CommandError, run } from "./launcher/run.mjs"

const root = path.resolve(import.meta.dirname, "..")
const prisma = path.join(root, "node_modules/prisma/build/index.js")
// Generated without the schema engine; any existing path keeps the command from downloading one.
const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: "1" }
try {
  await run(process.execPath, [prisma, "generate", "--schema", "bench/schema.prisma"], { cwd: root, env })
  const measure = ["--import", "tsx", "bench/main.ts", ...process.argv.slice(2)]
  await run(process.execPath, measure, { cwd: root, show: true })
} catch (error) {
  if (!(error instanceof CommandError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
