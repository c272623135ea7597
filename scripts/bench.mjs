// `npm run bench`: the measurements need TypeScript and nothing else that the console does not have.
import { spawnSync } from "node:child_process"
import * as path from "node:path"

const root = path.resolve(import.meta.dirname, "..")
const tsx = path.join(root, "node_modules/tsx/dist/cli.mjs")
const { status } = spawnSync(process.execPath, [tsx, "bench/main.ts", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
})
process.exitCode = status ?? 1
