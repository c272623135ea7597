import { readEnv } from "@/lib/env/env"
import { createPlatform, usePlatform as makeCurrent } from "@/lib/platform"
import { checkDatabase } from "@/lib/start-serving"
import { prepareEnvironment } from "./environment"
import { runCommand } from "./run"

/**
 * Runs one admin command against the installation with the settings in `env`. Returns its output and its exit code: 0 for
 * success, 1 for a refusal or a failure, 2 for invalid arguments.
 */
export function runAdmin(root: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  return runCommand(args, () => openAdmin(root, env))
}

/** Makes the installation with the settings in `env` the current platform. Returns a function that closes it. */
export async function openAdmin(root: string, env: NodeJS.ProcessEnv): Promise<() => Promise<void>> {
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
}
