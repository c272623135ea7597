import { type ChildProcess, spawn } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { afterEach, beforeEach, describe, expect, it } from "vitest"

const { scripts }: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
  fs.readFileSync("package.json", "utf8"),
)
const preparing = "node scripts/bootstrap.mjs"
const commands = Object.entries(scripts).filter(([, command]) => !command.startsWith(preparing))
const names = commands.map(([name]) => name)

describe("every npm script", () => {
  it.each(names)("%s works in a folder where nothing is installed: it prepares what it needs", name => {
    expect(scripts[`pre${name}`]).toMatch(/^node scripts\/bootstrap\.mjs (generate|build|test|pictures)$/)
  })

  it.each(commands)("%s is a command that cmd.exe knows too", (_, command) => {
    expect(command).toMatch(/^(node|tsx|biome) /)
    expect(command).not.toMatch(/[;&|$`]/)
  })

  it("leaves the standard output to the command: what it prepares is told on the standard error output", () => {
    const source = fs.readFileSync("scripts/bootstrap.mjs", "utf8")
    expect(source).toContain("terminal(process.stderr)")
    expect(source).not.toMatch(/process\.stdout|console\.log/)
  })
})

describe("a signal to npm", () => {
  let folder: string
  let npm: ChildProcess | undefined
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "npm-signal-"))
  })
  afterEach(() => {
    npm?.kill("SIGKILL")
    fs.rmSync(folder, { recursive: true, force: true })
  })

  // A shell that stays the parent of its command and passes no signal on, as some do.
  function shellThatStays(): string {
    const file = path.join(folder, "shell")
    fs.writeFileSync(file, '#!/bin/sh\nshift\neval "$*"\nexit $?\n', { mode: 0o755 })
    return file
  }

  async function pidIn(file: string): Promise<number> {
    while (!fs.existsSync(file) || fs.readFileSync(file, "utf8") === "") await sleep(20)
    return Number(fs.readFileSync(file, "utf8"))
  }

  it("ends what a script started, also where the shell between them passes no signal on", async () => {
    const module = path.resolve("scripts/launcher/end-with-parent.mjs")
    const pidFile = path.join(folder, "pid")
    const code = [
      `import { writeFileSync } from "node:fs"`,
      `import ${JSON.stringify(module)}`,
      `process.on("SIGTERM", () => process.exit(0))`,
      `setInterval(() => {}, 1000)`,
      `writeFileSync(${JSON.stringify(pidFile)}, String(process.pid))`,
    ]
    fs.writeFileSync(path.join(folder, "stay.mjs"), code.join("\n"))
    fs.writeFileSync(
      path.join(folder, "package.json"),
      JSON.stringify({ scripts: { start: "node stay.mjs" } }),
    )
    npm = spawn("npm", ["start"], {
      cwd: folder,
      stdio: "ignore",
      env: { ...process.env, npm_config_script_shell: shellThatStays() },
    })
    const pid = await pidIn(pidFile)
    npm.kill("SIGTERM")
    await expect.poll(() => fs.existsSync(`/proc/${pid}`), { timeout: 60_000 }).toBe(false)
  })

  it.each(["start", "dev", "test", "test:node", "bench", "screenshots", "worker", "capture", "auditorium"])(
    "reaches npm run %s, which goes on until it is ended or takes long",
    name => {
      const command = scripts[name] ?? ""
      const file = command.match(/scripts\/[\w-]+\.mjs/)?.[0] ?? ""
      const imported = command.includes("end-with-parent") ? command : fs.readFileSync(file, "utf8")
      expect(imported).toContain("launcher/end-with-parent.mjs")
    },
  )
})
