import packageJson from "@/package.json"

/** The version of this program. */
export const { version } = packageJson
