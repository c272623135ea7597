import { randomUUID } from "node:crypto"
import { cp, mkdtemp, readdir, rm } from "node:fs/promises"
import os from "node:os"
import path from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { prismaFolder } from "@/lib/database/migrations/files"
import { migrate } from "@/lib/database/migrations/run"
import { connect, createEmptyDatabase, createTestDatabase, type TestDatabase } from "@/test/database"
import { beginDemo, finishDemo } from "./once"

describe("demo data", () => {
  let test: TestDatabase
  beforeEach(async () => {
    test = await createTestDatabase()
  })
  afterEach(() => test.close())

  it("are created in a database without an organization, and gone on with in the same one until they are complete", async () => {
    const id = await beginDemo(test.database)
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
    expect(await beginDemo(test.database)).toBe(id)
    await test.database.prisma.organization.create({ data: { id: id ?? "", slug: "acme", name: "Acme" } })
    await test.database.prisma.organization.update({ where: { id: id ?? "" }, data: { slug: "renamed" } })
    expect(await beginDemo(test.database)).toBe(id)
    await finishDemo(test.database)
    expect(await beginDemo(test.database)).toBeNull()
  })

  it("are never added to a database that has organizations, whatever these are called", async () => {
    await test.organization()
    expect(await beginDemo(test.database)).toBeNull()
    expect(await beginDemo(test.database)).toBeNull()
  })
})

it("a database of an earlier version that has organizations is marked by its migration, and an empty one is not", async () => {
  const marking = "20261130042000_one_time_task"
  const earlier = await mkdtemp(path.join(os.tmpdir(), "auditorium-once-"))
  await cp(prismaFolder(), earlier, { recursive: true })
  for (const name of await readdir(path.join(earlier, "migrations"))) {
    if (/^\d/.test(name) && name >= marking)
      await rm(path.join(earlier, "migrations", name), { recursive: true })
  }
  for (const organizations of [0, 1]) {
    const empty = await createEmptyDatabase()
    const client = await connect(empty.superuserUrl)
    const run = (folder: string) =>
      migrate({ ownerUrl: empty.ownerUrl, applicationRole: "auditorium_app", folder })
    try {
      await run(earlier)
      for (let made = 0; made < organizations; made++) {
        await client.query("INSERT INTO organization (id, slug, name) VALUES ($1, 'one', 'One')", [
          randomUUID(),
        ])
      }
      await run(prismaFolder())
      const { rows } = await client.query("SELECT name FROM one_time_task WHERE finished_at IS NOT NULL")
      expect(rows).toHaveLength(organizations)
    } finally {
      await client.end()
      await empty.drop()
    }
  }
  await rm(earlier, { recursive: true, force: true })
})
