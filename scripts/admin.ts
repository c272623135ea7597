// Administration from the command line: npm run admin -- <command> [options]. Ends with 0 when it was done, 1 when it was
// refused or failed, 2 when what was typed makes no command.
import path from "node:path"
import { runAdmin } from "./admin/main"

const root = path.resolve(import.meta.dirname, "..")

const { code, output, errors } = await runAdmin(root, process.argv.slice(2), process.env)
process.stdout.write(output)
process.stderr.write(errors)
process.exitCode = code
