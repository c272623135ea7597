import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs"
import os from "node:os"
import path from "node:path"
import { describe, expect, test } from "vitest"
import { isApiKey } from "@/lib/access/keys/api-keys"
import { migrate } from "@/lib/database/migrations/run"
import { tryLock } from "@/scripts/launcher/lock.mjs"
import { startPostgres } from "@/scripts/postgres.mjs"
import { compiledScript } from "@/test/compiled"
import { db, setUpPlatform } from "@/test/platform"
import { unzip } from "@/test/unzip"
import { type Ended, runCommand } from "./run"

setUpPlatform({ BASE_URL: "https://audit.example.com" })

const root = path.resolve(import.meta.dirname, "../..")

/** Runs the command on the test's database. */
const admin = (args: readonly string[]): Promise<Ended> => runCommand(args, async () => async () => {})

/** Runs the command as npm does, with only the environment that is passed. */
async function spawnAdmin(args: readonly string[], variables: Readonly<Record<string, string>>) {
  const command = await compiledScript("scripts/admin.ts")
  return new Promise<{ code: number | null; output: string; errors: string }>((resolve, reject) => {
    const given = { cwd: root, env: { ...process.env, LOG_LEVEL: "silent", ...variables } }
    const child = spawn(process.execPath, [command, ...args], given)
    const said = { output: "", errors: "" }
    child.stdout.setEncoding("utf8").on("data", part => {
      said.output += part
    })
    child.stderr.setEncoding("utf8").on("data", part => {
      said.errors += part
    })
    child.once("error", reject)
    child.once("close", code => resolve({ code, ...said }))
  })
}

async function json(args: readonly string[], variables?: Readonly<Record<string, string>>) {
  const all = [...args, "--json"]
  const { code, output, errors } = variables ? await spawnAdmin(all, variables) : await admin(all)
  expect([code, errors]).toEqual([0, ""])
  return JSON.parse(output)
}

test("from an empty database to a working key, each step an event in the organization's log", async () => {
  expect(await json(["organization", "list"])).toEqual([])
  const none = await admin(["link", "--first", "--json"])
  expect([none.code, JSON.parse(none.errors).error.code]).toEqual([1, "not-found"])

  const organization = await json(["organization", "create", "--slug", "acme", "--name", "Acme Robotics"])
  expect(organization).toMatchObject({ slug: "acme", name: "Acme Robotics" })
  const ada = await json(["administrator", "create", "--email", "ada@acme.example", "--name", "Ada"])
  expect(ada).toMatchObject({ email: "ada@acme.example", roles: ["Organization Administrator"] })
  expect(ada.link).toMatch(/^https:\/\/audit\.example\.com\/sign-in\/link\?token=[\w-]{43}$/)

  await json(["app", "create", "--slug", "billing", "--name", "Billing"])
  const args = [
    "--app",
    "billing",
    "--name",
    "ci",
    "--scope",
    "LOG-INGESTION,LOG-MANAGEMENT",
    "--expires",
    tomorrow(),
  ]
  const key = await json(["key", "create", ...args])
  expect(isApiKey(key.key)).toBe(true)
  const [listed] = await json(["key", "list", "--app", "billing"])
  expect(listed).toMatchObject({ id: key.id, scopes: ["LOG-MANAGEMENT", "LOG-INGESTION"], state: "active" })
  await json(["key", "revoke", "--id", key.id])
  expect((await json(["key", "list"]))[0].state).toBe("revoked")

  const { rows } = await db.superuser.query(
    "SELECT operation, body FROM ledger.event ORDER BY received_at, id",
  )
  expect(rows.map(row => row.operation)).toEqual([
    "organization.create",
    "organization_member.add",
    "sign_in_link.create",
    "application.create",
    "api_key.create",
    "api_key.revoke",
  ])
  const log = rows.map(row => row.body).join()
  expect(log).toContain("admin-command")
  expect(log).not.toContain(key.key)
  expect(log).not.toContain(ada.link.slice(-43))
})

test("a fresh link for the first administrator voids the older, until an administrator has a password", async () => {
  const [first, second] = [await json(["link", "--first"]), await json(["link", "--first"])]
  expect(first.email).toBe("ada@acme.example")
  const { rows } = await db.superuser.query(
    "SELECT voided_at IS NULL AS good FROM sign_in_link ORDER BY created_at",
  )
  expect(rows.map(row => row.good)).toEqual([false, false, true])
  expect(second.link).not.toBe(first.link)
  await db.superuser.query("UPDATE person SET password_hash = 'set'")
  expect(await json(["link", "--first"])).toEqual({ link: null, email: null, expiresAt: null })
  expect((await json(["link", "--email", "ADA@acme.example"])).link).toContain("token=")
})

test("people read sentences and columns", async () => {
  const made = await admin([
    "member",
    "create",
    "--email",
    "h@acme.example",
    "--name",
    "Hannah",
    "--role",
    "Auditor",
  ])
  expect(made.output).toMatch(
    /^Hannah is a member of Acme Robotics with: Auditor\.\nOne-time link for h@acme.example, until /,
  )
  const people = await admin(["person", "list"])
  expect(people.output.split("\n")[0]).toMatch(/^E-MAIL +NAME +STATUS +ROLES +PASSWORD$/)
  expect(people.output).toMatch(/^h@acme.example +Hannah +active +Auditor +no$/m)
})

test("a locked-out administrator gets in again: active, with the role, by a one-time link", async () => {
  const who = ["--organization", "acme", "--email", "locked@acme.example"]
  await json(["member", "create", ...who, "--name", "Lou Locked", "--role", "Auditor"])
  await json(["member", "suspend", ...who])
  const listed = async () => (await admin(["person", "list", "--organization", "acme"])).output
  expect(await listed()).toMatch(/^locked@acme.example +Lou Locked +suspended +Auditor +no$/m)
  const restored = await json(["administrator", "restore", ...who])
  expect(restored).toMatchObject({
    email: "locked@acme.example",
    roles: ["Auditor", "Organization Administrator"],
    link: expect.stringContaining("/sign-in/link?token="),
  })
  expect(await listed()).toMatch(
    /^locked@acme.example +Lou Locked +active +Auditor, Organization Administrator +no$/m,
  )
  expect((await admin(["member", "sign-out", ...who])).output).toBe("Lou Locked is signed out everywhere.\n")
  const again = await admin(["member", "reactivate", ...who])
  expect([again.code, again.errors]).toEqual([1, "Lou Locked is not suspended.\n"])
})

test("a support dump is written to a new file that only its owner can read, and leaves an event", async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "admin-dump-"))
  try {
    const file = path.join(folder, "dump.zip")
    const written = await json(["support-dump", "--organization", "acme", "--out", file])
    const bytes = readFileSync(file)
    expect(written).toMatchObject({
      file,
      bytes: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
      contents: "installation",
      leftOut: [{ name: "ucp-controller.log", why: "supportDumpIncludeAuditLogs is false" }],
    })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect([...(await unzip(bytes)).keys()]).toEqual([...written.files, "manifest.json"])
    const again = await admin(["support-dump", "--organization", "acme", "--out", file])
    expect([again.code, again.errors]).toEqual([1, `${file} exists already. Name another file.\n`])
    const nowhere = path.join(folder, "none", "dump.zip")
    const failed = await admin(["support-dump", "--organization", "acme", "--out", nowhere])
    expect([failed.code, failed.errors]).toEqual([1, `${nowhere} cannot be written (ENOENT).\n`])
    expect(readFileSync(file).equals(bytes)).toBe(true)
    expect(readdirSync(folder)).toEqual(["dump.zip"])
    const { rows } = await db.superuser.query(
      "SELECT count(*)::int AS count FROM ledger.event WHERE operation = 'support_dump.create'",
    )
    expect(rows[0].count).toBe(2)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

describe("what cannot be done", () => {
  test.each([
    [["nonsense"], 2, 'There is no command "nonsense".'],
    [["organization"], 2, 'There is no command "organization".'],
    [["app", "create", "--slug", "x"], 2, "--name NAME is missing"],
    [["support-dump"], 2, "--out FILE is missing"],
    [["link"], 2, "either --email ADDRESS or --first"],
    [["link", "--first", "--email", "a@b.example"], 2, "either --email ADDRESS or --first"],
    [["link", "--email", "nobody@acme.example"], 1, "Nobody has the e-mail address"],
    [["app", "list", "--organization", "none"], 1, 'There is no organization "none".'],
    [["app", "create", "--slug", "Bad Slug", "--name", "x"], 1, "--slug: Use lower-case letters"],
    [["key", "create", "--app", "billing", "--name", "x", "--scope", "LOG"], 1, "--scope:"],
    [
      ["key", "create", "--app", "billing", "--name", "x", "--scope", "LOG-OWN", "--expires", "2020-01-01"],
      1,
      "--expires:",
    ],
    [
      ["member", "create", "--email", "x", "--name", "x", "--role", "Auditor"],
      1,
      "--email: Give an e-mail address",
    ],
  ] as const)("%j ends with %i and says why", async (args, code, words) => {
    const ended = await admin(args)
    expect(ended.errors).toContain(words)
    expect([ended.code, ended.output]).toEqual([code, ""])
    expect(ended.errors).not.toMatch(/\n\s+at /)
  })

  test("a program gets the reason as JSON", async () => {
    const ended = await admin(["app", "create", "--slug", "billing", "--name", "Again", "--json"])
    expect(JSON.parse(ended.errors)).toEqual({
      error: {
        code: "conflict",
        message: 'There is an app "billing" already.',
        faults: [{ pointer: "/slug", message: "Choose another: this one is taken." }],
      },
    })
  })

  test("with several organizations it must be said which", async () => {
    await json(["organization", "create", "--slug", "initech", "--name", "Initech"])
    const ended = await admin(["app", "list"])
    expect([ended.code, ended.errors]).toEqual([
      1,
      "Say which organization with --organization: acme, initech.\n",
    ])
  })

  test("without a database it is said what to do", async () => {
    const variables = { DATABASE_URL: "", DATA_DIR: "/tmp/no-such-auditorium" }
    const ended = await spawnAdmin(["organization", "list"], variables)
    expect([ended.code, ended.errors]).toEqual([1, expect.stringContaining("Run npm start once")])
  })

  test("a database that is away is said to be away", async () => {
    const variables = { DATABASE_URL: "postgresql://a:b@127.0.0.1:1/none" }
    const ended = await spawnAdmin(["organization", "list"], variables)
    expect([ended.code, ended.errors]).toEqual([1, "DATABASE_URL: nothing listens at 127.0.0.1 port 1.\n"])
  })
})

test("the embedded database is used as it runs, and else started and stopped again", async () => {
  const dataDirectory = mkdtempSync(path.join(os.tmpdir(), "auditorium-admin-"))
  const directory = path.join(dataDirectory, "postgres")
  const settings = { fsync: "off", shared_buffers: "32MB" }
  const variables = { DATABASE_URL: "", DATA_DIR: dataDirectory }
  const running = await startPostgres({ directory, settings })
  try {
    await migrate({ ownerUrl: running.ownerUrl, applicationRole: "auditorium_app" })
    await json(["organization", "create", "--slug", "acme", "--name", "Acme"], variables)
    expect((await startPostgres({ directory })).adopted).toBe(true)
    await running.stop()
    expect(await json(["organization", "list"], variables)).toMatchObject([{ slug: "acme" }])
    const again = await startPostgres({ directory, settings })
    expect(again.adopted).toBe(false)
    await again.stop()

    // While a launcher is starting, the command must leave the database to it.
    const lock = tryLock(path.join(dataDirectory, "launcher.lock"))
    await json(["organization", "list"], variables)
    const left = await startPostgres({ directory })
    expect(left.adopted).toBe(true)
    await left.stop()
    if ("release" in lock) lock.release()
  } finally {
    await (await startPostgres({ directory, settings })).stop()
    rmSync(dataDirectory, { recursive: true, force: true })
  }
})

function tomorrow(): string {
  return new Date(Date.now() + 24 * 60 * 60 * 1000).toISOString().slice(0, 10)
}
