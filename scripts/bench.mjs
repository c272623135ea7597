// `npm run bench`: the measurements need TypeScript and nothing else that the console does not have.
import { spawnSync } from "node:child_process"
import * as path from "node:path"

const root = path.resolve(import.meta.dirname, "..")
const prisma = path.join(root, "node_modules/prisma/build/index.js")
// Generated without the schema engine; any path that exists keeps the command from downloading one.
const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: "1" }
const generated = spawnSync(process.execPath, [prisma, "generate", "--schema", "bench/schema.prisma"], {
  cwd: root,
  env,
  encoding: "utf8",
})
if (generated.status !== 0) throw new Error(generated.stderr)
const tsx = path.join(root, "node_modules/tsx/dist/cli.mjs")
const { status } = spawnSync(process.execPath, [tsx, "bench/main.ts", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
})
process.exitCode = status ?? 1
