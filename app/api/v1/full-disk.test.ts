import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import { type Api, anEvent, startApi } from "@/app/api/fixtures/api"
import { createTestDatabase, type TestDatabase } from "@/test/database"
import { startTestServer, type TestServer, testSettings } from "@/test/server"
import { mountSmallDisk } from "@/test/small-disk"

// The write-ahead log and every table are on it, as they are below DATA_DIR.
const disk = mountSmallDisk(192, "ingestion and export on a full disk")

describe.skipIf(disk === null)("while the disk of the database is full", () => {
  let server: TestServer
  let database: TestDatabase
  let api: Api

  beforeAll(async () => {
    vi.stubEnv("TMPDIR", disk?.folder)
    const settings = { ...testSettings, shared_buffers: "16MB", max_wal_size: "64MB", min_wal_size: "32MB" }
    server = await startTestServer({ settings })
    vi.unstubAllEnvs()
    database = await createTestDatabase({ server })
    api = await startApi(() => ({ DATABASE_URL: database.applicationUrl }))
  })
  afterAll(async () => {
    await api?.close()
    await database?.disconnect()
    await server?.stop()
    disk?.unmount()
  })

  const accepted = new Set<string>()
  const refused: Record<string, unknown>[] = []

  async function send(event: Record<string, unknown>) {
    const response = await api.call("POST", "/api/v1/events", { body: JSON.stringify(event) })
    if (response.status === 201) accepted.add(String(event.id))
    return response
  }

  /** Large, and nothing in it can be compressed. */
  const large = () =>
    anEvent({
      id: randomUUID(),
      metadata: { noise: Array.from({ length: 700 }, () => randomUUID()).join("") },
    })

  /** Sends until an event is not taken, and returns that answer. */
  async function sendUntilRefused() {
    for (let sent = 0; sent < 3_000; sent++) {
      const event = large()
      const response = await send(event)
      if (response.status === 201) continue
      refused.push(event)
      return { response, body: await response.json() }
    }
    throw new Error("The disk was never full.")
  }

  const health = async () => {
    const response = await api.call("GET", "/api/health", { key: null })
    return [response.status, (await response.json()).writes]
  }

  async function stored(): Promise<ReadonlySet<string>> {
    const response = await api.call("GET", "/api/v1/events/export?format=jsonl&window=all")
    const lines = (await response.text()).trim().split("\n")
    return new Set(
      lines
        .map(line => JSON.parse(line))
        .filter(({ operation }) => operation === "invoice.approve")
        .map(({ id }) => id),
    )
  }

  test("an event is refused with 503 and the cause in words, health says it, and searching goes on", async () => {
    expect((await send(large())).status).toBe(201)
    disk?.fill()
    const { response, body } = await sendUntilRefused()
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"])
    expect(body.detail).toMatch(/The disk of the database is full/)
    expect(await health()).toEqual([503, "disk-full"])
    const page = await api.call("GET", "/api/v1/events?limit=1")
    expect([page.status, (await page.json()).events.length]).toEqual([200, 1])
  })

  test("an export, which leaves an event, is refused in the same words", async () => {
    // What is left of the last page takes smaller events for a while.
    let response = await api.call("GET", "/api/v1/events/export?format=csv&window=all")
    for (let tries = 0; tries < 200 && response.status === 200; tries++) {
      // One whose end cannot be recorded breaks off.
      await response.text().catch(() => {})
      response = await api.call("GET", "/api/v1/events/export?format=csv&window=all")
    }
    expect(response.status).toBe(503)
    expect((await response.json()).detail).toMatch(/The disk of the database is full/)
  })

  test("once there is space again, everything goes on: what was accepted is there, and what was refused can be sent again", async () => {
    disk?.free()
    for (const event of refused.splice(0)) expect((await send(event)).status).toBe(201)
    expect(await health()).toEqual([200, "ok"])
    expect(await stored()).toEqual(accepted)
  })

  test("a write-ahead log that cannot grow ends the server, and nothing that was accepted is lost", async () => {
    disk?.fill()
    // Begins a new file of the log, as often as there is one that can be used again.
    const switched = async () => {
      for (let files = 0; files < 20; files++) {
        await database.superuser.query("SELECT pg_switch_wal(), txid_current()")
      }
    }
    database.superuser.on("error", () => {})
    database.owner.on("error", () => {})
    await expect(switched()).rejects.toThrow()
    const event = large()
    const response = await send(event)
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"])
    expect((await response.json()).detail).toMatch(
      /The connection to the database failed|disk of the database is full/,
    )
    disk?.free()
    await server.kill()
    await server.restart()
    expect((await send(event)).status).toBe(201)
    expect(await stored()).toEqual(accepted)
  })
})
