import { existsSync } from "node:fs"
import path from "node:path"
import { defineConfig } from "vitest/config"

const root = import.meta.dirname
// Starts the embedded PostgreSQL once for every file that asks for a database.
const databaseSetup = path.join(root, "test/global-setup.ts")

export default defineConfig({
  resolve: { alias: { "@": root } },
  // The console's React is compiled by Next; here the same automatic runtime serves the tests of components.
  oxc: { jsx: { runtime: "automatic" } },
  test: {
    include: ["{lib,prisma,scripts,components,app,bench,sdk}/**/*.test.{ts,tsx}", "*.test.ts"],
    exclude: ["**/node_modules/**", "**/generated/**", "**/fixtures/**"],
    globalSetup: existsSync(databaseSetup) ? [databaseSetup] : [],
    pool: "forks",
    // Files of one worker share what they import: loading Prisma for each took as much CPU as the tests themselves.
    isolate: false,
    maxWorkers: 2,
    // Only for what hangs: a busy machine, or one that stands still for a while, must not decide whether a test passes.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // A test that leaves a server or a connection behind must not hold up the run for ever.
    teardownTimeout: 10_000,
    // Vite puts its own BASE_URL ("/") into the environment, where ours is expected; an empty one counts as absent.
    env: { TZ: "UTC", LOG_LEVEL: "silent", BASE_URL: "" },
  },
})
