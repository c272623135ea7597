// biome-ignore lint/style/noRestrictedImports: the version stands in one place, and that file is no code of ours.
import packageJson from "@/package.json"

/** The version of this program. */
export const { version } = packageJson
