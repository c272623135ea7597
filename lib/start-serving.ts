import { platform } from "./platform"
import { runStartupChecks } from "./startup-checks"

/**
 * Promise: resolves when the database keeps what this program promises; otherwise ends the process after saying, in words for
 * whoever runs it, what to change.
 */
export async function startServing(): Promise<void> {
  try {
    await runStartupChecks(platform().database)
  } catch (error) {
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n\n`)
    process.exit(1)
  }
}
