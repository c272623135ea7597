// Administration from the command line: npm run admin -- <command> [options]. Ends with 0 when it was done, 1 when it was
// refused or failed, 2 when what was typed makes no command.
import path from "node:path"
import { readEnv } from "@/lib/env"
import { createPlatform, usePlatform as makeCurrent } from "@/lib/platform"
import { checkDatabase } from "@/lib/start-serving"
import { prepareEnvironment } from "./admin/environment"
import { runCommand } from "./admin/run"

const root = path.resolve(import.meta.dirname, "..")

const { code, output, errors } = await runCommand(process.argv.slice(2), async () => {
  const { variables, finish } = await prepareEnvironment(root, process.env)
  try {
    const platform = createPlatform(readEnv(variables))
    makeCurrent(platform)
    await checkDatabase(platform)
    return async () => {
      await platform.database.close()
      await finish()
    }
  } catch (error) {
    await finish()
    throw error
  }
})
process.stdout.write(output)
process.stderr.write(errors)
process.exitCode = code
