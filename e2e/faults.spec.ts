import { execFileSync } from "node:child_process"
import { randomUUID } from "node:crypto"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { commandArguments } from "@/scripts/launcher/commands.mjs"
import { startConsole } from "@/scripts/launcher/console-under-test.mjs"
import { readConnection } from "@/scripts/launcher/data-directory.mjs"
import { bearer } from "./api"
import { expect, test } from "./fixtures"
import { expectNoLeak } from "./leaks"
import { spooledIds, startRecording } from "./recording"
import { type RetryingClient, startClient } from "./retrying-client"

/** Only against a hang: bench/recovery.ts measures how long a start takes on a quiet machine. */
const hangMs = 120_000

/** Enough for the pauses to begin after three at once, and to grow if they did; bench/recovery.ts kills more often. */
const webKills = 6
const databaseKills = 3

const root = path.resolve(import.meta.dirname, "..")

test("an address and a request id that a client makes up are not recorded in our own events", async ({
  request,
  world,
}) => {
  const made = "203.0.113.66"
  const answer = await request.get("/api/v1/events/export?format=jsonl&window=15m&limit=1", {
    headers: {
      ...bearer(world.keys.reading),
      ...{ "x-forwarded-for": made, "x-real-ip": made, forwarded: `for=${made}`, "x-auditorium-peer": made },
      "x-request-id": `forged-${randomUUID()}`,
    },
  })
  expect(answer.status()).toBe(200)
  // The id in the response is the one in the log, and not the one that the client sent.
  const requestId = answer.headers()["x-request-id"] ?? ""
  expect(requestId).toMatch(/^[0-9a-f-]{36}$/)
  const found = await request.get(`/api/v1/events?window=1h&request=${requestId}`, {
    headers: bearer(world.keys.reading),
  })
  const { events } = await found.json()
  expect(events.length).toBeGreaterThan(0)
  for (const event of events) expect(event.source.ip).toBe("127.0.0.1")
  expect(JSON.stringify(events)).not.toContain(made)
})

test("an event sent a thousand times at once is one event, and its id is taken for any other content", async ({
  baseURL,
  world,
}) => {
  const event = {
    id: randomUUID(),
    operation: "door.open",
    status: "success",
    actor: { type: "user", id: "eve" },
  }
  const send = async (content: unknown) => {
    const answer = await fetch(`${baseURL}/api/v1/events`, {
      method: "POST",
      headers: { ...bearer(world.keys.ingestion), "content-type": "application/json" },
      body: JSON.stringify(content),
    })
    return { status: answer.status, text: await answer.text() }
  }
  // Clients that must wait send again: that is what a thousand senders do.
  const persist = async () => {
    for (;;) {
      const answer = await send(event)
      if (answer.status !== 429 && answer.status !== 503) return answer
      expectNoLeak(answer.text)
      await sleep(100)
    }
  }
  const answers = await Promise.all(Array.from({ length: 1000 }, persist))
  const count = (status: number) => answers.filter(answer => answer.status === status).length
  expect([count(201), count(200)]).toEqual([1, 999])
  const seals = answers.map(({ text }) => text.replace(/"outcome":"\w+",?/, ""))
  expect(new Set(seals).size).toBe(1)

  const other = await send({ ...event, status: "failure" })
  expect(other.status).toBe(409)
  expectNoLeak(other.text)
  const found = await fetch(`${baseURL}/api/v1/events/${event.id}`, { headers: bearer(world.keys.reading) })
  expect(await found.json()).toMatchObject({ event: { id: event.id, status: "success" } })
})

test("no refusal tells anything of the inside", async ({ request, world }) => {
  const [ingestion, reading] = [bearer(world.keys.ingestion), bearer(world.keys.reading)]
  const json = { "content-type": "application/json" }
  const post = (data: string, headers: Readonly<Record<string, string>> = ingestion) =>
    request.post("/api/v1/events", { headers: { ...json, ...headers }, data: Buffer.from(data) })
  const get = (address: string, headers: Readonly<Record<string, string>> = reading) =>
    request.get(address, { headers: { ...headers } })
  const refusals = [
    post("{"),
    post('{"operation":"a.b","operation":"c.d"}'),
    post(`${"[".repeat(10_000)}`),
    post('{"operation": 1e400}'),
    post('{"operation": "\\ud800"}'),
    post('[{"operation":"x.y"}]'),
    post(`"${"x".repeat(2_000_000)}"`),
    post("{}", { "content-type": "text/plain", ...ingestion }),
    post("{}", { "content-encoding": "gzip", ...ingestion }),
    post("{}", { authorization: "Bearer aud_live_wrong" }),
    post("{}", reading),
    get("/api/v1/events?window=nonsense&colour=red"),
    get("/api/v1/events?cursor=AAAA"),
    get("/api/v1/events?ip=1.2.3.4'--"),
    get("/api/v1/events?from=0000&to=99999"),
    get("/api/v1/events/not-an-id"),
    get("/api/v1/events/%00"),
    get("/api/v1/nothing"),
    get("/api/v1/events/export?format=exe"),
    get("/api/v1/events", ingestion),
    get("/acme/admin/audit-logs/events", {}),
    request.delete("/api/v1/events", { headers: { ...reading } }),
    request.post("/api/v1/events/search", { headers: { ...json, ...reading }, data: Buffer.from('{"a":') }),
  ]
  for (const [position, answer] of (await Promise.all(refusals)).entries()) {
    const body = await answer.text()
    const said = `${position} ${answer.status()} ${body.slice(0, 300)}`
    expect(answer.status(), said).toBeGreaterThanOrEqual(400)
    expect(answer.status(), said).toBeLessThan(500)
    expect(answer.headers()["content-type"], said).toBe("application/problem+json; charset=utf-8")
    expectNoLeak(body)
  }
})

test.describe("killed again and again while events come in", () => {
  let dataDirectory: string
  let console_: Awaited<ReturnType<typeof startConsole>>
  let key: string

  test.beforeAll(async () => {
    dataDirectory = mkdtempSync(path.join(tmpdir(), "auditorium-faults-"))
    console_ = await startConsole(root, dataDirectory, { settings: { SEED_DEMO: "0" } })
    adminOf(dataDirectory, "organization", "create", "--slug", "drill", "--name", "Drill")
    adminOf(dataDirectory, "app", "create", "--slug", "drill", "--name", "Drill")
    const scopes = ["--scope", "LOG-INGESTION", "--scope", "LOG-MANAGEMENT"]
    key = adminOf(dataDirectory, "key", "create", "--app", "drill", "--name", "drill", ...scopes)
  })

  test.afterAll(async () => {
    console_?.kill("SIGTERM")
    await console_?.ended
    rmSync(dataDirectory, { recursive: true, force: true })
  })

  test("the web server: no promised event is lost, none is there twice", async () => {
    const { baseUrl } = console_.connection
    const client = startClient(baseUrl, key, { writers: 4, batch: 5 })
    for (let round = 0; round < webKills; round++) {
      await client.more(100)
      const killed = pidOf("webPid", dataDirectory)
      process.kill(killed, "SIGKILL")
      await expect.poll(() => readConnection(dataDirectory)?.webPid, { timeout: hangMs }).not.toBe(killed)
      await untilReady(baseUrl)
    }
    // The pauses that the launcher reports: the time they add to a start must not grow while it is killed.
    const restarts = [
      ...console_
        .printed()
        .matchAll(/The web server ended unexpectedly .*; starting it again(?: in ([\d.]+) s)?\./g),
    ]
    expect(restarts).toHaveLength(webKills)
    const pauses = restarts.map(([, seconds]) => Number(seconds ?? 0))
    expect(pauses.slice(0, 3)).toEqual([0, 0, 0])
    expect(Math.max(...pauses)).toBeLessThanOrEqual(1)
    await client.more(100)
    await client.finish()
    // A request was cut off, or nothing was shown.
    expect(client.statuses.get(0) ?? 0).toBeGreaterThan(0)
    await expectKept(client, baseUrl, key)
  })

  test("the whole PostgreSQL: 503 while it is away, and back without a restart of the web server", async () => {
    const { baseUrl } = console_.connection
    const web = pidOf("webPid", dataDirectory)
    const client = startClient(baseUrl, key, { writers: 4, batch: 5 })
    for (let round = 0; round < databaseKills; round++) {
      await client.more(100)
      const database = pidOf("databasePid", dataDirectory)
      const unavailable = client.statuses.get(503) ?? 0
      for (const pid of [...childrenOf(database), database]) endAtOnce(pid)
      await expect.poll(() => client.statuses.get(503) ?? 0, { timeout: hangMs }).toBeGreaterThan(unavailable)
      await expect
        .poll(() => readConnection(dataDirectory)?.databasePid, { timeout: hangMs })
        .not.toBe(database)
      await client.more(100)
    }
    await client.finish()
    expect(pidOf("webPid", dataDirectory)).toBe(web)
    expect([...client.statuses.keys()].filter(status => ![200, 201, 503].includes(status))).toEqual([])
    await expectKept(client, baseUrl, key)
  })

  test("the web server together with an application that uses the SDK: what was on its disk arrives once", async () => {
    const { baseUrl } = console_.connection
    const spool = path.join(dataDirectory, "spool")
    const acknowledged = new Set<string>()
    const kept = new Set<string>()
    for (const round of ["while the server is away", "while the rest is being sent"]) {
      const before = acknowledged.size
      const application = startRecording({ url: baseUrl, key, spool }, acknowledged)
      await expect.poll(() => acknowledged.size, { timeout: hangMs }).toBeGreaterThan(before + 20)
      const killed = pidOf("webPid", dataDirectory)
      process.kill(killed, "SIGKILL")
      await expect.poll(() => spooledIds(spool).length, { timeout: hangMs }).toBeGreaterThan(20)
      if (round === "while the rest is being sent") {
        await expect.poll(() => readConnection(dataDirectory)?.webPid, { timeout: hangMs }).not.toBe(killed)
        await untilReady(baseUrl)
        endAtOnce(pidOf("webPid", dataDirectory))
      }
      application.kill("SIGKILL")
      await application.ended
      for (const id of spooledIds(spool)) kept.add(id)
      await untilReady(baseUrl)
    }
    expect(kept.size).toBeGreaterThan(0)
    const last = startRecording({ url: baseUrl, key, spool }, acknowledged)
    await expect.poll(() => spooledIds(spool), { timeout: hangMs }).toEqual([])
    last.kill("SIGTERM")
    expect(await last.ended).toBe(0)
    const answer = await fetch(
      `${baseUrl}/api/v1/events/export?format=jsonl&window=all&app=drill&operation=door.open`,
      { headers: bearer(key) },
    )
    expect(answer.status).toBe(200)
    // The one cast: lines of the export.
    const stored = (await answer.text())
      .trim()
      .split("\n")
      .map(line => (JSON.parse(line) as { readonly id: string }).id)
    const ids = new Set(stored)
    expect(ids.size, "events that are stored twice").toBe(stored.length)
    expect([...acknowledged, ...kept].filter(id => !ids.has(id))).toEqual([])
  })
})

/** Returns the key that one of the project's commands created. */
function adminOf(dataDirectory: string, ...args: readonly string[]): string {
  const output = execFileSync(process.execPath, [...commandArguments(root, "admin"), ...args, "--json"], {
    cwd: root,
    env: { ...process.env, DATA_DIR: dataDirectory },
    encoding: "utf8",
  })
  return String(Object(JSON.parse(output)).key)
}

function pidOf(name: "webPid" | "databasePid", dataDirectory: string): number {
  const pid = readConnection(dataDirectory)?.[name]
  if (!pid) throw new Error(`connection.json has no ${name}.`)
  return pid
}

/** Returns the processes of one server; a postmaster that is killed alone leaves them for a moment. */
function childrenOf(pid: number): readonly number[] {
  const pairs = existsSync("/proc/self/stat") ? pairsOfProc() : pairsOfPs()
  return pairs.filter(([, parent]) => parent === pid).map(([child]) => child)
}

function pairsOfProc(): readonly (readonly [number, number])[] {
  return readdirSync("/proc")
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => {
      try {
        // The name of the program is in parentheses and may contain anything.
        const fields = readFileSync(`/proc/${name}/stat`, "utf8")
          .replace(/^.*\) /s, "")
          .split(" ")
        return [[Number(name), Number(fields[1])] as const]
      } catch {
        return []
      }
    })
}

function pairsOfPs(): readonly (readonly [number, number])[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n")
  return lines.map(line => {
    const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number)
    return [pid, parent] as const
  })
}

function endAtOnce(pid: number): void {
  try {
    process.kill(pid, "SIGKILL")
  } catch {
    // It has ended with its parent.
  }
}

async function untilReady(baseUrl: string): Promise<void> {
  for (const end = performance.now() + hangMs; performance.now() < end; await sleep(50)) {
    if ((await fetch(`${baseUrl}/api/health`).catch(() => null))?.ok) return
  }
  throw new Error("The console was not ready again.")
}

/** Compares the client's own records with what is stored. */
async function expectKept(client: RetryingClient, baseUrl: string, key: string): Promise<void> {
  const answer = await fetch(`${baseUrl}/api/v1/events/export?format=jsonl&window=all&app=drill`, {
    headers: bearer(key),
  })
  expect(answer.status).toBe(200)
  const lines = (await answer.text()).trim().split("\n")
  // The one cast: lines of the export.
  const stored = lines.map(line => JSON.parse(line) as { id: string; index: number; leafHash: string })
  const byId = new Map(stored.map(event => [event.id, event]))
  expect(byId.size, "events that are stored twice").toBe(stored.length)
  expect(new Set(stored.map(event => event.index)).size, "numbers given twice").toBe(stored.length)
  expect(client.promised.size).toBeGreaterThan(0)
  const lost = [...client.promised].filter(([id, { index, leafHash }]) => {
    const event = byId.get(id)
    return event?.index !== index || event.leafHash !== leafHash
  })
  expect(lost, "events that were promised and are not there as promised").toEqual([])
  expect(client.contradictions).toEqual([])
  for (const body of client.refusals) expectNoLeak(body)
  console.log(
    `    ${client.promised.size} promised, ${stored.length} stored, answers ${describe(client.statuses)}`,
  )
}

function describe(statuses: ReadonlyMap<number, number>): string {
  return [...statuses].map(([status, times]) => `${status || "none"}: ${times}`).join(", ")
}
