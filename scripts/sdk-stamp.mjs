// @ts-check
// What the SDK is built from. Apart from the build, which needs packages that may not be installed yet.
import * as path from "node:path"
import { fingerprint } from "./launcher/stamp.mjs"

const root = path.resolve(import.meta.dirname, "..")

/** Holds the key of what sdk/dist was built from. */
export const stampFile = path.join(root, "node_modules/.auditorium-sdk")

const builtFrom = [
  "sdk/src",
  "scripts/build-sdk.mjs",
  "sdk/package.json",
  "sdk/tsconfig.types.json",
  "lib/audit",
  "lib/errors.ts",
]

export function stampKey() {
  return fingerprint(
    root,
    builtFrom,
    relative => !/(^|\/)(fixtures|testing)$|\.(test|contract|test-d)\.ts$/.test(relative),
  )
}
