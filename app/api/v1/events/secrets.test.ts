import { Buffer } from "node:buffer"
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Api, startApi } from "@/app/api/fixtures/api"
import { credentialsOf, tellingParts } from "@/lib/audit/capture/fixtures/credentials"
import { body, call, recorded } from "@/lib/audit/capture/testing/calls"
import type { EventInput } from "@/lib/audit/event/input"

let api: Api
let firstSegment: string
beforeAll(async () => {
  api = await startApi()
  await storeUncompressed()
  firstSegment = await currentSegment()
})
afterAll(() => api.close())

type Place = (secret: string, marker: string) => EventInput

const post = (given: unknown, type?: string) => call("POST /objects", { requestBody: body(given, type) })
const native = (marker: string, members: Partial<EventInput>): EventInput => ({
  operation: "object.update",
  actor: { type: "user", id: "ada" },
  status: "success",
  ...members,
  metadata: { marker, ...members.metadata },
})
const base64 = (text: string) => Buffer.from(text).toString("base64")

/** Where a credential may be in a call, as an application or the proxy records it, and in an event that an application makes. */
const places: Readonly<Record<string, Place>> = {
  authorization: (secret, marker) =>
    recorded(
      "generic",
      call("GET /objects", {
        headers: [
          ["Authorization", secret],
          ["X-Marker", marker],
        ],
      }),
    ),
  header: (secret, marker) =>
    recorded(
      "generic",
      call("GET /objects", {
        headers: [
          ["X-Note", `${marker} ${secret}`],
          ["Cookie", `sid=${secret}`],
        ],
        responseHeaders: [["Set-Cookie", `sid=${secret}; Path=/`]],
      }),
    ),
  query: (secret, marker) =>
    recorded(
      "generic",
      call(
        `GET /objects?marker=${marker}&access_token=${encodeURIComponent(secret)}&note=${encodeURIComponent(secret)}`,
      ),
    ),
  path: (secret, marker) => recorded("generic", call(`GET /objects/${marker}/${encodeURIComponent(secret)}`)),
  url: (secret, marker) =>
    native(marker, {
      http: {
        method: "GET",
        path: `/x?next=${encodeURIComponent(`https://a/?token=${secret}`)}&sig=${secret}`,
      },
      details: [`see https://a.example/#id_token=${secret}`],
    }),
  depth: (secret, marker) =>
    recorded("generic", post({ marker, a: [{ b: [[{ c: { text: `note ${secret}` } }]] }] })),
  name: (secret, marker) =>
    recorded(
      "clearml",
      post({
        marker,
        data: {
          credentials: { secret_key: secret, access_key: secret },
          list: [{ name: "DB_PASSWORD", value: secret }],
        },
      }),
    ),
  form: (secret, marker) =>
    recorded(
      "generic",
      post(
        `marker=${marker}&user%5Bpassword%5D=${encodeURIComponent(secret)}&note=${encodeURIComponent(secret)}`,
        "application/x-www-form-urlencoded",
      ),
    ),
  list: (secret, marker) =>
    recorded(
      "docker",
      call("POST /v1.41/containers/create", {
        requestBody: body({
          Env: [`DB_PASSWORD=${secret}`, `NOTE=${secret}`, `MARKER=${marker}`],
          Cmd: ["--token", `--password=${secret}`],
        }),
      }),
    ),
  kubernetes: (secret, marker) =>
    recorded(
      "kubernetes",
      call("POST /api/v1/namespaces/a/secrets", {
        requestBody: body({
          kind: "Secret",
          metadata: { name: marker },
          data: { k: base64(secret) },
          stringData: { k: secret },
        }),
      }),
    ),
  multipart: (secret, marker) =>
    recorded(
      "generic",
      post(
        `--b\r\nContent-Disposition: form-data; name="${marker}"\r\n\r\n${secret}\r\n--b--\r\n`,
        "multipart/form-data; boundary=b",
      ),
    ),
  text: (secret, marker) =>
    recorded(
      "generic",
      call("GET /objects", {
        responseBody: body(
          `${marker}\nAuthorization: ${secret}\n<Password>${secret.replaceAll("<", "")}</Password>\n${secret}`,
          "text/plain",
        ),
      }),
    ),
  changes: (secret, marker) =>
    native(marker, {
      changes: [
        { path: "/user/password", before: secret, after: [secret] },
        { path: "note", before: secret, after: { token: secret } },
      ],
    }),
  raw: (secret, marker) =>
    native(marker, {
      raw: base64(JSON.stringify({ a: [{ note: secret, password: secret }] })),
      rawFormat: "okta",
    }),
  inside: (secret, marker) =>
    native(marker, {
      statusMessage: `failed: ${secret}`,
      metadata: { json: JSON.stringify({ body: JSON.stringify({ password: secret, note: secret }) }) },
      targets: [{ type: "object", id: secret.slice(0, 500), attributes: { [secret]: secret } }],
    }),
}

interface Sent {
  readonly place: string
  readonly marker: string
  readonly parts: readonly string[]
  readonly event: EventInput
}

function everyPlace(): readonly Sent[] {
  return Object.entries(places).flatMap(([place, eventOf], number) =>
    credentialsOf(100 + number).map((credential, position) => {
      const marker = `marker-${place}-${position}`
      const parts = tellingParts(credential)
      const hidden = place === "kubernetes" ? [...parts, base64(credential.text).slice(0, 40)] : parts
      // An application that names an AWS key as what an event is about means its id.
      const id = place === "inside" && credential.kind === "aws" ? [] : hidden
      return { place, marker, parts: id, event: eventOf(credential.text, marker) }
    }),
  )
}

/** Returns everything that the database holds, as text. */
async function everythingStored(): Promise<string> {
  const { rows: tables } = await api.db.superuser.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('ledger', 'public')`,
  )
  const texts: string[] = []
  for (const { name } of tables) {
    const { rows } = await api.db.superuser.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)
    texts.push(...rows.map(({ row }) => row))
  }
  return texts.join("\n")
}

/** PostgreSQL compresses what is long, and a search through files would not find it: neither a secret nor its marker. */
async function storeUncompressed(): Promise<void> {
  const { rows } = await api.db.superuser.query<{ command: string }>(
    `SELECT format('ALTER TABLE %s ALTER COLUMN %I SET STORAGE EXTERNAL', attrelid::regclass, attname) AS command
     FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
     WHERE relkind = 'r' AND relnamespace IN ('ledger'::regnamespace, 'public'::regnamespace) AND attstorage = 'x' AND attnum > 0`,
  )
  for (const { command } of rows) await api.db.superuser.query(command)
}

async function currentSegment(): Promise<string> {
  const { rows } = await api.db.superuser.query<{ name: string }>(
    "SELECT pg_walfile_name(pg_current_wal_lsn()) AS name",
  )
  return rows[0]?.name ?? ""
}

/** Returns the files of the database server, but those of other databases and the log of writes before this test. */
async function filesOfDatabase(): Promise<readonly string[]> {
  await api.db.superuser.query("CHECKPOINT")
  const { rows } = await api.db.superuser.query<{ directory: string; oid: string }>(
    `SELECT current_setting('data_directory') AS directory, oid::text FROM pg_database WHERE datname = current_database()`,
  )
  const { directory = "", oid = "" } = rows[0] ?? {}
  return fs
    .readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter(name => !name.startsWith("base/") || name.startsWith(`base/${oid}/`))
    .filter(name => !/^pg_wal\/[0-9A-F]{24}$/.test(name) || name.slice("pg_wal/".length) >= firstSegment)
    .map(name => path.join(directory, name))
    .filter(file => fs.statSync(file, { throwIfNoEntry: false })?.isFile())
}

/** Returns which of the texts are in one of the files. */
function foundIn(files: readonly string[], texts: readonly string[]): ReadonlySet<string> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "auditorium-secrets-"))
  try {
    const wanted = path.join(folder, "wanted")
    fs.writeFileSync(wanted, texts.join("\n"))
    const { stdout, error } = spawnSync("grep", ["-sahoF", "-f", wanted, "--", ...files], {
      env: { ...process.env, LC_ALL: "C" },
      encoding: "utf8",
      maxBuffer: 256 * 1024 * 1024,
    })
    if (error) throw error
    return new Set(stdout.split("\n").filter(Boolean))
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

describe("more than 400 credentials in every place of calls and events", () => {
  const sent = everyPlace()

  test("are hidden by who records the call, before anything is sent", () => {
    expect(sent.length).toBeGreaterThan(400)
    const calls = sent.filter(({ event }) => event.metadata?.call !== undefined)
    expect(calls.length).toBeGreaterThan(300)
    for (const { place, marker, parts, event } of calls) {
      const text = JSON.stringify(event)
      expect([place, text.includes(marker)]).toEqual([place, true])
      for (const part of parts) if (text.includes(part)) expect.fail(`${marker}: ${part} in ${text}`)
    }
  })

  test("are in no column of the database, while the markers beside them are", async () => {
    const answer = await api.call("POST", "/api/v1/events", {
      body: JSON.stringify(sent.map(({ event }) => event)),
    })
    expect([answer.status, (await answer.json()).accepted]).toEqual([201, sent.length])
    const stored = await everythingStored()
    for (const { marker, parts } of sent) {
      expect([marker, stored.includes(marker)]).toEqual([marker, true])
      for (const part of parts) if (stored.includes(part)) expect.fail(`${marker}: ${part} is stored`)
    }
    const { rows } = await api.db.superuser.query(
      `SELECT body::jsonb ->> 'rawWithheld' AS why, raw FROM ledger.event WHERE body::jsonb -> 'metadata' ->> 'marker' LIKE 'marker-raw-%'`,
    )
    expect(rows).toHaveLength(sent.length / Object.keys(places).length)
    for (const row of rows)
      expect(row).toEqual({ raw: null, why: expect.stringMatching(/^A secret was hidden \(.*rules \d+\)$/) })
  })

  test("are in no file of the database server, its write-ahead log included, while the markers are in both", async () => {
    const files = await filesOfDatabase()
    const markers = sent.map(({ marker }) => marker)
    const isLog = (file: string) => file.includes("/pg_wal/")
    // Here and there one is cut in two by the end of a page.
    for (const some of [files.filter(isLog), files.filter(file => !isLog(file))])
      expect(foundIn(some, markers).size).toBeGreaterThan(0.9 * markers.length)
    expect([...foundIn(files, [...new Set(sent.flatMap(({ parts }) => parts))])]).toEqual([])
  })
})
