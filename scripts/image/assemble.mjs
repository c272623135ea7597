// @ts-check
// Puts together what the container image holds: Next's standalone output, our server around it, and the bundled commands.
//
//   node scripts/image/assemble.mjs FOLDER [BUNDLES]
import * as fs from "node:fs"
import * as path from "node:path"

const root = path.resolve(import.meta.dirname, "../..")
const target = path.resolve(process.argv[2] ?? "image")
const bundles = path.resolve(process.argv[3] ?? path.join(root, "dist"))

/** Copied from the project to the image; a folder with all its files. */
const parts = [
  [".next/standalone", "."],
  [".next/static", ".next/static"],
  ["public", "public"],
  [bundles, "dist"],
  ["prisma/migrations", "prisma/migrations"],
  ["prisma/roles.sql", "prisma/roles.sql"],
  ["scripts/server.mjs", "scripts/server.mjs"],
  ["scripts/launcher", "scripts/launcher"],
  ["scripts/image", "scripts/image"],
  ["LICENSE", "LICENSE"],
]

fs.mkdirSync(target, { recursive: true })
for (const [from = "", to = ""] of parts) {
  const source = path.resolve(root, from)
  if (!fs.existsSync(source)) throw new Error(`${from} is missing: build first.`)
  fs.cpSync(source, path.join(target, to), { recursive: true, dereference: true })
}
// Next's own server, and what is needed only for building.
for (const name of ["server.js", "app", "components", "lib", "node_modules/sharp", "node_modules/@img"]) {
  fs.rmSync(path.join(target, name), { recursive: true, force: true })
}
