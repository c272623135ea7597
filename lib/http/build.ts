import { readFileSync } from "node:fs"
import path from "node:path"

/**
 * Identifies the build that this process serves; a page of another build may need files that this one does not have, and
 * the other way round.
 */
export const buildId = readBuildId()

function readBuildId(): string {
  try {
    return readFileSync(path.join(process.cwd(), ".next/BUILD_ID"), "utf8").trim()
  } catch {
    // In development, pages are compiled one by one and there is no build.
    return "development"
  }
}
