// Administration from the command line: npm run admin -- <command> [options]. Exits with 0 for success, 1 for a refusal or
// a failure, 2 for invalid arguments.
import path from "node:path"
import { runAdmin } from "./admin/main"

const root = path.resolve(import.meta.dirname, "..")

const { code, output, errors } = await runAdmin(root, process.argv.slice(2), process.env)
process.stdout.write(output)
process.stderr.write(errors)
process.exitCode = code
