import { spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import path from "node:path"
import { describe, expect, inject, it } from "vitest"
import { compiledScript } from "@/test/compiled"
import { setUpPlatform } from "@/test/platform"
import { runCommand } from "./admin/run"

setUpPlatform({ BASE_URL: "https://audit.example.com" })

const root = path.resolve(import.meta.dirname, "..")
const secret = randomBytes(48).toString("base64url")

/** Runs a command as npm does, with only the environment that is passed. */
async function run([script = "", ...args]: readonly string[], variables: Readonly<Record<string, string>>) {
  const command = await compiledScript(script)
  return new Promise<{ code: number | null; errors: string }>((resolve, reject) => {
    const env = { ...process.env, LOG_LEVEL: "error", SECRET: secret, ...variables }
    const child = spawn(process.execPath, [command, ...args], { cwd: root, env })
    let errors = ""
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", part => {
        errors += part
      })
    }
    child.once("error", reject)
    child.once("close", code => resolve({ code, errors: errors.trim() }))
  })
}

function changed(url: string, parts: Partial<Pick<URL, "username" | "password" | "port" | "pathname">>) {
  return Object.assign(new URL(url), parts).href
}

const server = inject("testServer")
const wrong = {
  password: changed(server.applicationUrl, { password: "wrong-password" }),
  database: changed(server.applicationUrl, { pathname: "/nowhere" }),
  port: changed(server.applicationUrl, { port: "1" }),
}
const ownerWrong = changed(server.ownerUrl, { password: "wrong-password" })

describe("a wrong address of the database is told in one sentence that names the variable, without the password", () => {
  it.each([
    [
      "admin",
      ["scripts/admin.ts", "organization", "list"],
      { DATABASE_URL: wrong.password },
      "DATABASE_URL: the server refused the password of the role auditorium_app.",
    ],
    [
      "admin",
      ["scripts/admin.ts", "organization", "list"],
      { DATABASE_URL: wrong.database },
      "DATABASE_URL: the server has no database nowhere.",
    ],
    [
      "admin",
      ["scripts/admin.ts", "organization", "list"],
      { DATABASE_URL: wrong.port },
      "DATABASE_URL: nothing listens at 127.0.0.1 port 1.",
    ],
    [
      "worker",
      ["scripts/worker.ts"],
      { DATABASE_URL: wrong.password },
      "DATABASE_URL: the server refused the password of the role auditorium_app.",
    ],
    [
      "migrate",
      ["scripts/migrate.ts"],
      { DATABASE_URL: server.applicationUrl, DATABASE_OWNER_URL: ownerWrong },
      "DATABASE_OWNER_URL: the server refused the password of the role auditorium_owner.",
    ],
    [
      "migrate",
      ["scripts/migrate.ts"],
      { DATABASE_URL: wrong.password, DATABASE_OWNER_URL: server.ownerUrl },
      "DATABASE_URL: the server refused the password of the role auditorium_app.",
    ],
    [
      "migrate",
      ["scripts/migrate.ts"],
      { DATABASE_URL: "nonsense", DATABASE_OWNER_URL: server.ownerUrl },
      "DATABASE_URL: expected postgresql://role:password@host:port/database.",
    ],
    [
      "migrate",
      ["scripts/migrate.ts"],
      { DATABASE_URL: server.ownerUrl, DATABASE_OWNER_URL: server.ownerUrl },
      "DATABASE_URL and DATABASE_OWNER_URL name the same role.",
    ],
  ])("%s %j", async (_, args, variables, sentence) => {
    const { code, errors } = await run(args, variables)
    expect(code).toBe(1)
    expect(errors).toContain(sentence)
    expect(errors.split("\n")).toHaveLength(1)
    expect(errors).not.toMatch(/wrong-password|\bat \S+ \(|prisma\./)
  })
})

describe("a wrong option is told in the words of the command line", () => {
  const admin = (args: readonly string[]) => runCommand(args, async () => async () => {})

  it("one line for each option, with neither a pointer nor the validator's own words", async () => {
    await admin(["organization", "create", "--slug", "acme", "--name", "Acme"])
    await admin(["app", "create", "--slug", "billing", "--name", "Billing"])
    const key = ["key", "create", "--app", "billing", "--name", "ci", "--scope"]
    const refused = await admin([...key, "LOG-EVERYTHING"])
    expect(refused.code).toBe(1)
    expect(refused.errors).toMatch(/^--scope: Give one of: LOG-MANAGEMENT, [A-Z, -]+\.\n$/)
    const several = await admin(["organization", "create", "--slug", "A B", "--name", ""])
    expect(several.errors.split("\n").map(line => line.split(":")[0])).toEqual(["--slug", "--name", ""])
    expect(several.errors + refused.errors).not.toMatch(/Invalid (input|option)|\/scopes/)
  })

  it("a link says which address it begins with, and where that was set", async () => {
    const { output } = await admin([
      "administrator",
      "create",
      "--email",
      "ada@acme.example",
      "--name",
      "Ada",
    ])
    expect(output).toMatch(/https:\/\/audit\.example\.com\/sign-in\/link\?token=/)
    expect(output).toContain("It begins with BASE_URL, https://audit.example.com;")
  })
})
