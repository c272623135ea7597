// @ts-check
// Loads the file `.env` of this folder, for commands that scripts/start.mjs does not start. Variables of the process take
// precedence.
import * as fs from "node:fs"
import * as path from "node:path"

const file = path.resolve(import.meta.dirname, "../..", ".env")
if (fs.existsSync(file)) process.loadEnvFile(file)
