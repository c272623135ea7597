// @ts-check
// The file `.env` of this folder, for commands that are not started by scripts/start.mjs. What the environment says already wins.
import * as fs from "node:fs"
import * as path from "node:path"

const file = path.resolve(import.meta.dirname, "../..", ".env")
if (fs.existsSync(file)) process.loadEnvFile(file)
