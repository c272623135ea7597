// @ts-check
// Writes the commands of the container image as plain JavaScript: worker, migrate, admin, ingest, auditorium and capture, each in one file, so that
// the image needs neither TypeScript nor the packages that only these commands use.
//
//   node scripts/image/bundle.mjs FOLDER
import * as path from "node:path"
import { build } from "esbuild"

const root = path.resolve(import.meta.dirname, "../..")
const outdir = path.resolve(process.argv[2] ?? "dist")

// Native code and packages that load their own files; the image contains the console's copy of them.
const external = ["pg", "pg-cursor", "@prisma/client", "@prisma/adapter-pg", "@node-rs/argon2"]

await build({
  absWorkingDir: root,
  entryPoints: ["worker", "migrate", "admin", "ingest", "auditorium", "capture"].map(
    name => `scripts/${name}.ts`,
  ),
  outdir,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  external: external.flatMap(name => [name, `${name}/*`]),
  alias: { "@": root },
  // CommonJS packages load Node's own modules with `require`.
  banner: {
    js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
  },
  logLevel: "warning",
})
