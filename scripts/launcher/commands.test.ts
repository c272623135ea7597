import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { commandArguments } from "./commands.mjs"

let root = ""
beforeAll(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "auditorium-test-"))
  fs.mkdirSync(path.join(root, "dist"))
  fs.writeFileSync(path.join(root, "dist", "worker.mjs"), "")
})
afterAll(() => fs.rmSync(root, { recursive: true }))

describe("a command", () => {
  it("is started as it was built", () => {
    expect(commandArguments(root, "worker")).toEqual(["dist/worker.mjs"])
  })

  it("is compiled at its start where somebody edits, and where it was not built", () => {
    const compiled = ["--import", "tsx", "scripts/worker.ts"]
    expect(commandArguments(root, "worker", { development: true })).toEqual(compiled)
    expect(commandArguments(root, "migrate")).toEqual(["--import", "tsx", "scripts/migrate.ts"])
  })
})
