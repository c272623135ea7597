import { readEnv } from "@/lib/env"
import { createPlatform, usePlatform as makeCurrent } from "@/lib/platform"
import { checkDatabase } from "@/lib/start-serving"
import { prepareEnvironment } from "./environment"
import { runCommand } from "./run"

/**
 * Runs one admin command against the installation whose settings `env` holds and returns what it printed and its exit code:
 * 0 when it was done, 1 when it was refused or failed, 2 when the arguments make no command.
 */
export function runAdmin(root: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  return runCommand(args, async () => {
    const { variables, finish } = await prepareEnvironment(root, env)
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
}
