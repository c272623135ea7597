import { readFileSync } from "node:fs"
import path from "node:path"

/** Names the build that this process serves; a page of another build lacks files that this one has, and the other way round. */
export const buildId = readBuildId()

function readBuildId(): string {
  try {
    return readFileSync(path.join(process.cwd(), ".next/BUILD_ID"), "utf8").trim()
  } catch {
    // While pages are compiled one by one there is no build.
    return "development"
  }
}
