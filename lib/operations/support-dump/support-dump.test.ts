import { createHash, randomUUID } from "node:crypto"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import os from "node:os"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { shippedPolicy } from "@/lib/audit/capture/policy"
import { parseEvent } from "@/lib/audit/event/parse"
import type { JsonObject } from "@/lib/audit/json/value"
import { addMicroseconds, instantFromDate } from "@/lib/audit/time/instant"
import { createApp } from "@/lib/operations/apps/create"
import { recentProofMs } from "@/lib/operations/core/authorise"
import { execute } from "@/lib/operations/core/execute"
import type { Caller } from "@/lib/operations/core/operation"
import { job, makeOrganization } from "@/lib/operations/fixtures/access"
import { eventsOf, home, memberAs, memberWith, setUpHome } from "@/lib/operations/fixtures/home"
import { makeWebhook, newSecret } from "@/lib/operations/sinks/fixtures/sinks"
import { usePlatform } from "@/lib/platform"
import { logDirectory } from "@/lib/server-log/kept-log"
import { recordedCalls } from "@/lib/support-dump/calls"
import { db, platform } from "@/test/platform"
import { unzip } from "@/test/unzip"
import { createSupportDump } from "./support-dump"

setUpHome(beforeAll)

const folder = mkdtempSync(path.join(os.tmpdir(), "support-dump-"))
let appId: string

beforeAll(async () => {
  usePlatform({ ...platform, env: { ...platform.env, dataDirectory: folder } })
  appId = (await execute(createApp, job(home), { slug: "docker", name: "Docker" })).id
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Saves a policy with the switch for the calls in a dump. */
async function include(isIncluded: boolean, licenseKey: string | null = null): Promise<void> {
  const { rows } = await db.superuser.query(
    "UPDATE organization SET capture_version = capture_version + 1 WHERE id = $1 RETURNING capture_version AS version",
    [home.id],
  )
  await db.superuser.query(
    `INSERT INTO capture_policy (organization_id, version, policy, support_dump_includes, created_at, actor_type, actor_id, actor_name)
     VALUES ($1, $2, $3, $4, now(), 'system', 'test', 'test')`,
    [home.id, rows[0].version, JSON.stringify({ ...shippedPolicy, licenseKey }), isIncluded],
  )
}

/** Records a call as the proxy would, so many minutes ago. */
async function record(requestPath: string, minutesAgo = 1, app = appId): Promise<void> {
  const call: JsonObject = { endpoint: requestPath, level: "metadata", profile: "docker" }
  const parsed = parseEvent(
    {
      occurredAt: new Date(Date.now() - minutesAgo * 60_000).toISOString(),
      operation: "container.create",
      actor: { type: "user", id: "u1", name: "admin" },
      status: "success",
      http: { method: "POST", path: requestPath, status: 201, durationMs: 3 },
      metadata: { call },
    },
    { organizationId: home.id, appId: app, newId: randomUUID },
  )
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  await platform.ledger.append(home.id, [parsed.prepared])
}

async function dump(caller: Caller) {
  const made = await execute(createSupportDump, caller, {})
  const files = await unzip(made.open())
  const text = (name: string) => files.get(name)?.toString() ?? ""
  return { made, files, text, names: [...files.keys()] }
}

const organizationsPart = ["version.json", "capture-policy.json", "sinks.json"]
const installationsPart = [
  "runtime.json",
  "settings.json",
  "health.json",
  "migrations.json",
  "database.json",
  "jobs.json",
  "server.log",
  "worker.log",
]

describe("where the installation has one organization", () => {
  test("an administrator gets all of it, with a list of every file and its sum", async () => {
    await include(false)
    const { names, text, files, made } = await dump(await memberAs(["Organization Administrator"]))
    expect(names).toEqual([...organizationsPart, ...installationsPart, "manifest.json"])
    expect(made.fileName).toMatch(new RegExp(`^support-dump_${home.slug}_\\d{4}-\\d\\d-\\d\\d_\\d{6}\\.zip$`))
    const manifest = JSON.parse(text("manifest.json"))
    expect(manifest).toMatchObject({
      format: "auditorium-support-dump",
      organization: home,
      contents: "installation",
      leftOut: [{ name: "ucp-controller.log", why: "supportDumpIncludeAuditLogs is false" }],
    })
    for (const { name, bytes, sha256 } of manifest.files) {
      const content = files.get(name) ?? Buffer.alloc(0)
      expect([bytes, sha256]).toEqual([content.length, createHash("sha256").update(content).digest("hex")])
    }
    expect(manifest.files.map(({ name }: { name: string }) => name)).toEqual(names.slice(0, -1))
    expect(JSON.parse(text("migrations.json"))).toMatchObject({ pending: 0 })
    expect(JSON.parse(text("database.json")).tables.map(({ name }: { name: string }) => name)).toContain(
      "public.organization",
    )
    expect(JSON.parse(text("health.json"))).toMatchObject({ writes: "ok" })
  })

  test("it contains no secret: of settings and license key only whether they are set", async () => {
    await include(false, "license-that-is-not-shown")
    const { files, text } = await dump(job(home))
    const whole = [...files.values()].join("\n")
    const { databaseUrl, secret } = platform.env
    for (const hidden of ["license-that-is-not-shown", databaseUrl, new URL(databaseUrl).password, secret])
      expect(whole).not.toContain(hidden)
    expect(JSON.parse(text("capture-policy.json")).policy.licenseKey).toBe("set")
    expect(JSON.parse(text("settings.json"))).toContainEqual({ name: "DATABASE_URL", value: "set" })
  })

  test("secrets are removed from the server log once more, and of an old log only its last 5 MiB are there", async () => {
    mkdirSync(logDirectory(folder), { recursive: true })
    const old = `${JSON.stringify({ event: "old", filling: "x".repeat(1_000) })}\n`
    const password = "swordfish-is-not-shown"
    const lines = [
      JSON.stringify({ event: "harmless-marker", config: { password } }),
      `not JSON: postgresql://app:${password}@db.example/audit`,
    ]
    writeFileSync(path.join(logDirectory(folder), "server.1.log"), old.repeat(5_200))
    writeFileSync(path.join(logDirectory(folder), "server.log"), `${lines.join("\n")}\n`)
    const { text } = await dump(job(home))
    const log = text("server.log")
    expect(log.length).toBeLessThanOrEqual(5 * 1024 * 1024)
    expect(log.length).toBeGreaterThan(5 * 1024 * 1024 - 2_000)
    expect(log).toContain("harmless-marker")
    expect(log).toContain("db.example")
    expect(log).not.toContain(password)
    expect(log.split("\n")[0]).toBe(old.trimEnd())
  })
})

describe("the recorded calls", () => {
  test("are there as UCP's audit log, the oldest first, when the switch is on", async () => {
    await include(true)
    await record("/v1.41/containers/second", 5)
    await record("/v1.41/containers/first", 10)
    await record("/v1.41/containers/two-days-ago", 2 * 24 * 60)
    const { text, names } = await dump(job(home))
    expect(names).toContain("ucp-controller.log")
    const entries = text("ucp-controller.log")
      .trimEnd()
      .split("\n")
      .map(line => JSON.parse(line))
    expect(entries.map(({ audit }) => [audit.kind, audit.verb, audit.requestURI])).toEqual([
      ["docker-swarm", "POST", "/v1.41/containers/first"],
      ["docker-swarm", "POST", "/v1.41/containers/second"],
    ])
    expect(entries[0].audit.responseStatus).toMatchObject({ code: 201, status: "Success" })
  })

  test("are the newest ones when there is no room for all", async () => {
    const before = addMicroseconds(instantFromDate(new Date()), 1)
    const { store } = platform
    const scope = { organizationId: home.id, appIds: null, actorId: null }
    const { signal } = new AbortController()
    const read = async (maximumBytes: number) => {
      const lines: string[] = []
      for await (const line of recordedCalls({ store, scope, before, signal, maximumBytes })) lines.push(line)
      return lines
    }
    const all = await read(1_000_000)
    expect(all.length).toBeGreaterThanOrEqual(2)
    const [, ...newer] = all
    expect(await read(Buffer.byteLength(all.join("")) - 1)).toEqual(newer)
    expect(await read(10)).toEqual([])
  })

  test("are not there for somebody who may not read the log, and only of the apps that somebody may see", async () => {
    await include(true)
    const other = (await execute(createApp, job(home), { slug: "other", name: "Other" })).id
    await record("/of-docker", 3)
    await record("/of-other", 2, other)
    const manager = await dump(await memberWith(["ORGANIZATION-MANAGEMENT"]))
    expect(manager.names).not.toContain("ucp-controller.log")
    expect(JSON.parse(manager.text("manifest.json")).leftOut).toEqual([
      { name: "ucp-controller.log", why: expect.stringContaining("may not read the log") },
    ])
    const { principal, ...rest } = await memberWith(["ORGANIZATION-MANAGEMENT", "LOG-MANAGEMENT"])
    if (principal.kind !== "person" || principal.scope === null) throw new Error("a member has a scope")
    const limited = { ...principal, scope: { ...principal.scope, appIds: [other] } }
    const seen = await dump({ ...rest, principal: limited })
    expect(seen.text("ucp-controller.log")).toContain("/of-other")
    expect(seen.text("ucp-controller.log")).not.toContain("/of-docker")
  })
})

describe("sinks", () => {
  test("are there with how far each one is, and without their credentials", async () => {
    const secret = newSecret()
    const { id } = await makeWebhook(job(home), "https://hooks.example.com/audit", {
      credentials: { secret },
    })
    const { text, files } = await dump(job(home))
    expect(JSON.parse(text("sinks.json"))).toContainEqual(
      expect.objectContaining({
        ...{
          id,
          kind: "webhook",
          settings: expect.objectContaining({ url: "https://hooks.example.com/audit" }),
        },
        credentials: expect.arrayContaining([expect.objectContaining({ name: "secret", isSet: true })]),
        progress: expect.objectContaining({ failures: 0 }),
      }),
    )
    const whole = [...files.values()].join("\n")
    expect(whole).not.toContain(secret)
    expect(whole).not.toContain('sealed_credentials":')
  })
})

describe("the operation", () => {
  test("leaves an event with what was given away, and asks for a recent proof", async () => {
    const administrator = await memberAs(["Organization Administrator"])
    const before = (await eventsOf("support_dump.create")).length
    await dump(administrator)
    const left = (await eventsOf("support_dump.create")).slice(before)
    expect(left).toMatchObject([
      {
        status: "success",
        actor: { type: "user" },
        metadata: { contents: "installation", files: expect.arrayContaining(["settings.json"]) },
      },
    ])
    const late = { ...administrator, at: new Date(administrator.at.getTime() + recentProofMs + 60_000) }
    await expect(execute(createSupportDump, late, {})).rejects.toMatchObject({ code: "proof-required" })
    const auditor = await memberAs(["Auditor"])
    await expect(execute(createSupportDump, auditor, {})).rejects.toMatchObject({ code: "forbidden" })
  })

  test("takes a place of exports until its file was read, or its reader has left", async () => {
    const { exportLimitPerOrganization: most } = platform.env
    const open = []
    for (let count = 0; count < most; count++) open.push(await execute(createSupportDump, job(home), {}))
    await expect(execute(createSupportDump, job(home), {})).rejects.toMatchObject({ code: "rate-limited" })
    const [first, ...others] = open.map(made => made.open())
    if (first) await unzip(first)
    for (const archive of others) await new Promise(resolve => archive.once("close", resolve).destroy())
    const again = await dump(job(home))
    expect(again.names).toContain("manifest.json")
  })
})

describe("where the installation has several organizations", () => {
  beforeAll(async () => {
    await makeOrganization()
  })

  test("an administrator gets the part of their organization, a command all of it", async () => {
    await include(true)
    await record("/mine", 1)
    const own = await dump(await memberAs(["Organization Administrator"]))
    expect(own.names).toEqual([...organizationsPart, "ucp-controller.log", "manifest.json"])
    expect(JSON.parse(own.text("manifest.json"))).toMatchObject({ contents: "organization" })
    expect(own.text("ucp-controller.log")).toContain("/mine")
    const command = await dump(job(home))
    expect(command.names).toEqual([
      ...organizationsPart,
      "ucp-controller.log",
      ...installationsPart,
      "manifest.json",
    ])
  })

  test("nothing of another organization is in it", async () => {
    const other = await makeOrganization()
    const administrator = await memberAs(["Organization Administrator"], other)
    const { files } = await dump(administrator)
    const whole = [...files.values()].join("\n")
    expect(whole).toContain(other.slug)
    for (const hidden of [home.slug, home.id, "/mine", "/of-docker", "harmless-marker"])
      expect(whole).not.toContain(hidden)
  })
})
