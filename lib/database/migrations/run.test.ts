import { createHash, randomBytes } from "node:crypto"
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import os from "node:os"
import path from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { connect, createEmptyDatabase, createMigratedDatabase } from "@/test/database"
import { MigrationError } from "./error"
import { prismaFolder, readMigrations } from "./files"
import { printEverything, printRoles } from "./print"
import { migrate, readMigrationState } from "./run"

type EmptyDatabase = Awaited<ReturnType<typeof createEmptyDatabase>>

let empty: EmptyDatabase
let folder: string
const applicationRole = "auditorium_app"

beforeEach(async () => {
  empty = await createEmptyDatabase()
  folder = await mkdtemp(path.join(os.tmpdir(), "auditorium-migrations-"))
  await cp(prismaFolder(), folder, { recursive: true })
})
afterEach(async () => {
  await empty.drop()
  await rm(folder, { recursive: true, force: true })
})

/** Takes the database that the run's server was migrated with instead of migrating another one. */
async function useMigrated(): Promise<void> {
  await empty.drop()
  empty = await createMigratedDatabase()
}

const run = () => migrate({ ownerUrl: empty.ownerUrl, applicationRole, folder })
const state = () => readMigrationState({ ownerUrl: empty.ownerUrl, folder })

describe("migrating", () => {
  it("applies each migration once when several runners start at the same time", async () => {
    const runs = await Promise.all([run(), run(), run()])
    const names = (await readMigrations(folder)).map(({ name }) => name)
    expect(runs.flatMap(({ applied }) => applied)).toEqual(names)
    const { applied, pending, problem } = await state()
    expect({ applied, pending, problem }).toEqual({ applied: names, pending: [], problem: null })
  })

  it("changes nothing the second time, and makes the partitions", async () => {
    await useMigrated()
    expect(await run()).toEqual({ applied: [] })
    const rows = await ask(
      "SELECT count(*)::int AS count FROM pg_inherits WHERE inhparent = 'ledger.event'::regclass",
    )
    expect(rows).toEqual([{ count: 31 }])
  })

  it("goes on without the lock of the events, and says so", async () => {
    await useMigrated()
    const exporting = await connect(empty.ownerUrl)
    await exporting.query("BEGIN; LOCK TABLE ledger.event IN ACCESS SHARE MODE")
    const said: string[] = []
    const at = new Date(Date.now() + 62 * 24 * 60 * 60 * 1000)
    try {
      const log = (message: string) => said.push(message)
      await migrate({ ownerUrl: empty.ownerUrl, applicationRole, folder, log, at })
    } finally {
      await exporting.end()
    }
    expect(said).toEqual([expect.stringContaining("the worker tries again")])
  })

  it("keeps the history in the form of Prisma's tools", async () => {
    await useMigrated()
    const rows = await ask(
      "SELECT id, migration_name, checksum, finished_at IS NOT NULL AS finished, logs, rolled_back_at, applied_steps_count FROM _prisma_migrations ORDER BY migration_name",
    )
    const file = await readFile(path.join(folder, "migrations/20261121000000_init/migration.sql"))
    expect(rows[0]).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      migration_name: "20261121000000_init",
      checksum: createHash("sha256").update(file).digest("hex"),
      finished: true,
      logs: null,
      rolled_back_at: null,
      applied_steps_count: 1,
    })
  })

  it("refuses a migration that was edited after it was applied", async () => {
    await useMigrated()
    const file = path.join(folder, "migrations/20261121000000_init/migration.sql")
    await writeFile(file, `${await readFile(file, "utf8")}\n-- better`)
    await expect(run()).rejects.toThrow("applied in another form")
    expect((await state()).problem).toContain("20261121000000_init")
  })

  it("refuses a database that a newer version has migrated", async () => {
    await useMigrated()
    await rm(path.join(folder, "migrations/20261121000100_ledger"), { recursive: true })
    await expect(run()).rejects.toThrow("a newer version was here")
  })

  it("refuses a migration that another tool left half-way", async () => {
    await useMigrated()
    await ask("UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name LIKE '%init'")
    await expect(run()).rejects.toThrow("begun by another tool and not finished")
  })

  it("undoes the whole of a failing migration, keeps those before it, and goes on when it is mended", async () => {
    await useMigrated()
    const later = path.join(folder, "migrations/20991231000000_later")
    await mkdir(later)
    await writeFile(path.join(later, "migration.sql"), "CREATE TABLE half (id int);\nSELECT 1 / 0;\n")
    await expect(run()).rejects.toThrow(/20991231000000_later failed and was undone: division by zero/)
    expect(await ask("SELECT to_regclass('public.half') AS half")).toEqual([{ half: null }])
    expect((await state()).pending.map(({ name }) => name)).toEqual(["20991231000000_later"])
    await writeFile(path.join(later, "migration.sql"), "CREATE TABLE whole (id int);\n")
    expect(await run()).toEqual({ applied: ["20991231000000_later"] })
  })

  it("says which role is missing when DATABASE_URL names one that does not exist", async () => {
    const attempt = migrate({ ownerUrl: empty.ownerUrl, applicationRole: "nobody_at_all", folder })
    await expect(attempt).rejects.toThrow("The role nobody_at_all of DATABASE_URL does not exist.")
  })
})

describe("the role of DATABASE_URL", () => {
  const role = () => `application_${randomBytes(4).toString("hex")}`

  it.each([
    ["letters and spaces", "a b'c%d"],
    ["letters beyond ASCII", "größe-пароль"],
  ])("is created when it is missing, and signs in with a password of %s", async (_, password) => {
    const name = role()
    const said: string[] = []
    const options = { ownerUrl: empty.ownerUrl, applicationRole: name, applicationPassword: password, folder }
    try {
      await migrate({ ...options, log: line => said.push(line) })
      expect(said).toContain(`Created the role ${name} of DATABASE_URL.`)
      const url = new URL(empty.applicationUrl)
      Object.assign(url, { username: name, password: encodeURIComponent(password) })
      const client = await connect(url.href)
      const { rows } = await client.query("SELECT current_user AS role")
      await client.end()
      expect(rows).toEqual([{ role: name }])
      expect(await migrate(options)).toEqual({ applied: [] })
    } finally {
      await ask(`DROP OWNED BY ${name}; DROP ROLE ${name}`)
    }
  })

  it("that the owner may not create is told in one statement, which is enough to go on", async () => {
    const [owner, application] = [`owner_${randomBytes(4).toString("hex")}`, role()]
    await ask(`CREATE ROLE ${owner} LOGIN PASSWORD 'x'`)
    const foreign = await createEmptyDatabase(owner)
    const ownerUrl = foreign.ownerUrl.replace(/\/\/[^@]*@/, `//${owner}:x@`)
    const options = { ownerUrl, applicationRole: application, applicationPassword: "secret words", folder }
    try {
      const refused = await migrate(options).catch((error: unknown) => error)
      expect(refused).toBeInstanceOf(MigrationError)
      const statement = String(refused).match(/CREATE ROLE .*;/)?.[0] ?? ""
      expect(statement).toBe(`CREATE ROLE "${application}" LOGIN PASSWORD '...';`)
      expect(String(refused)).not.toContain("secret words")
      await ask(statement)
      await expect(migrate(options)).rejects.toThrow("npm run migrate -- --print roles")
    } finally {
      await foreign.drop()
      await ask(`DROP ROLE ${owner}; DROP ROLE IF EXISTS ${application}`)
    }
  })
})

describe("what is printed for an administrator", () => {
  it("sets up an empty database by hand, after which there is nothing to migrate", async () => {
    await ask(await printEverything({ owner: "auditorium_owner", application: applicationRole }, folder))
    expect(await run()).toEqual({ applied: [] })
    const rows = await ask("SELECT tableowner FROM pg_tables WHERE schemaname = 'ledger' GROUP BY 1")
    expect(rows).toEqual([{ tableowner: "auditorium_owner" }])
  })

  it("is asked for when the owner may not create roles, and is enough", async () => {
    const owner = `owner_${randomBytes(4).toString("hex")}`
    const application = `application_${randomBytes(4).toString("hex")}`
    await ask(`CREATE ROLE ${owner} LOGIN PASSWORD 'x'; CREATE ROLE ${application} LOGIN PASSWORD 'x'`)
    const foreign = await createEmptyDatabase(owner)
    const ownerUrl = foreign.ownerUrl.replace(/\/\/[^@]*@/, `//${owner}:x@`)
    try {
      const attempt = () => migrate({ ownerUrl, applicationRole: application, folder })
      await expect(attempt()).rejects.toThrow(MigrationError)
      await expect(attempt()).rejects.toThrow("npm run migrate -- --print roles")
      const administrator = await connect(foreign.superuserUrl)
      await administrator.query(await printRoles({ owner, application }, folder))
      await administrator.end()
      expect((await attempt()).applied).toHaveLength((await readMigrations(folder)).length)
    } finally {
      await foreign.drop()
      await ask(`DROP ROLE ${owner}; DROP ROLE ${application}`)
    }
  })
})

async function ask(sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = await connect(empty.superuserUrl)
  try {
    const result = await client.query(sql)
    return result.rows ?? []
  } finally {
    await client.end()
  }
}
