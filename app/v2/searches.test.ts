import { gzipSync } from "node:zlib"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import { type Api, anEvent, readLog, type Sent, startApi } from "@/app/api/fixtures/api"
import { eventTypes } from "@/lib/clarifai/event-types"
import { documentedEntries, documentedInputs } from "@/test/clarifai/documented"

let api: Api

beforeAll(async () => {
  // A file of tests asks more often than a program may.
  api = await startApi(() => ({ CLARIFAI_RATE: "1000" }))
  const sent = await send(documentedInputs(api.tenant.apps[0]?.id ?? ""))
  expect(sent.status).toBe(201)
})
afterAll(() => api.close())

const send = (events: unknown) => api.call("POST", "/api/v1/events", { body: JSON.stringify(events) })

interface Entry {
  readonly req_id?: string
  readonly operation?: number
  readonly description: string
  readonly details?: readonly string[]
  readonly success: boolean
}
interface Answer {
  readonly httpStatus: number
  readonly status: {
    readonly code: number
    readonly description: string
    readonly req_id: string
    readonly developer_notes?: string
  }
  readonly entries: readonly Entry[]
}

async function post(body: unknown, { user = "me", ...sent }: Sent & { user?: string } = {}): Promise<Answer> {
  const response = await api.call("POST", `/v2/users/${user}/audit_log/searches`, {
    key: null,
    headers: { authorization: `Key ${sent.key ?? api.tenant.key}` },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...sent,
    ...(sent.key && { key: null }),
  })
  expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8")
  const answer = await response.json()
  expect(answer.status.req_id).toBe(response.headers.get("x-request-id"))
  return { httpStatus: response.status, ...answer }
}

/** The documented entries among those that were found; the rest is what this organization did itself. */
const documented = ({ entries }: Answer) => entries.filter(({ req_id }) => req_id?.startsWith("webportal-"))
const raw = (text: string) => ({ body: text })

/** The bodies of the documented curl lines, and which of the documented entries each finds. */
const curl: readonly (readonly [string, string, readonly unknown[]])[] = [
  ["list", "{ }", documentedEntries],
  [
    "operations",
    '{ "query": { "operations": ["MODEL_CREATE", "WORKFLOW_CREATE", "APPLICATION_CREATE"] } }',
    documentedEntries.filter(({ operation }) => operation !== 403),
  ],
  [
    "time",
    '{ "query": { "timestamp_from": "2024-05-01T00:00:00Z", "timestamp_to": "2024-05-31T23:59:59Z" } }',
    [],
  ],
  ["user", '{ "query": { "user_ids": ["alfrick"] } }', documentedEntries],
  ["target", '{ "query": { "targets": [ { "user": { "id": "USER_ID_HERE" } } ] } }', []],
  ["success", '{ "query": { "success": true } }', documentedEntries],
  ["source", '{ "query": { "source_ips": ["127.0.0.0", "127.0.0.1"] } }', []],
  ["sort", '{ "sort_ascending": true }', documentedEntries.toReversed()],
  [
    "page",
    '{ "query": { "timestamp_from": "2024-05-01T00:00:00Z", "timestamp_to": "2024-05-31T23:59:59Z" }, "pagination": { "page": 2, "per_page": 20 } }',
    [],
  ],
]

/** What the Python client's JSON channel sends for the same searches: the user is in the path only, enums are names. */
const python: readonly (readonly [string, unknown, readonly unknown[]])[] = [
  ["nothing but the user", {}, documentedEntries],
  [
    "operations",
    { query: { operations: ["MODEL_CREATE", "APPLICATION_CREATE"] } },
    documentedEntries.filter(({ operation }) => operation === 300 || operation === 600),
  ],
  [
    "a day",
    { query: { timestamp_from: "2025-01-17T00:00:00Z", timestamp_to: "2025-01-17T23:59:59Z" } },
    documentedEntries.filter(({ timestamp }) => timestamp.startsWith("2025-01-17")),
  ],
  [
    "an app",
    { query: { targets: [{ app: { id: "test-app2" } }] } },
    documentedEntries.filter(({ targets }) => targets.some(({ app }) => app?.id === "test-app2")),
  ],
  ["failures", { query: { success: false } }, []],
  ["a source", { query: { source_ips: ["3.234.120.41"] } }, documentedEntries],
  [
    "the second page of four, the oldest first",
    { query: { user_ids: ["alfrick"] }, sort_ascending: true, pagination: { page: 2, per_page: 4 } },
    documentedEntries.toReversed().slice(4, 8),
  ],
]

describe("the documented requests", () => {
  test.each(curl)("of curl find the documented entries, member by member: %s", async (_, body, entries) => {
    const answer = await post(body)
    expect(answer).toMatchObject({ httpStatus: 200, status: { code: 10000, description: "Ok" } })
    expect(documented(answer)).toEqual(entries)
  })

  test.each(curl)("of a browser, which names no JSON, find the same: %s", async (_, body, entries) => {
    for (const type of ["text/plain;charset=UTF-8", "application/x-www-form-urlencoded", null]) {
      expect(documented(await post(body, { type }))).toEqual(entries)
    }
  })

  test.each(python)("of the Python client find the same: %s", async (_, body, entries) => {
    const answer = await post(body)
    expect(answer.status.code).toBe(10000)
    expect(documented(answer)).toEqual(entries)
  })

  test("may come with no body at all, and with our own scheme of keys", async () => {
    expect(documented(await post(null, { body: null }))).toEqual(documentedEntries)
    const bearer = { headers: { authorization: `Bearer ${api.tenant.key}` } }
    expect(documented(await post({}, bearer))).toEqual(documentedEntries)
  })

  test("find the organization by its slug, its id and as me; what the body says of the user does not count", async () => {
    const { id, slug } = api.tenant.organization
    for (const user of ["me", slug, id]) {
      const body = { user_app_id: { user_id: "somebody", app_id: "main" } }
      expect(documented(await post(body, { user }))).toHaveLength(10)
    }
  })

  test("are compressed or not", async () => {
    const body = new Uint8Array(gzipSync('{"query":{"user_ids":["alfrick"]}}'))
    const headers = { authorization: `Key ${api.tenant.key}`, "content-encoding": "gzip" }
    expect(documented(await post(null, { body, headers }))).toHaveLength(10)
  })
})

describe("an event with a code", () => {
  test("is found by the code and by the name, and shows both code and description, for every event type", async () => {
    const tenant = await api.makeTenant()
    const actor = { type: "user", id: "the-one-who-does-it-all" }
    const sent = eventTypes
      .slice(1)
      .map(({ code, description }) =>
        anEvent({ operation: `type.number_${code}`, operationCode: code, description, actor }),
      )
    const ingested = await api.call("POST", "/api/v1/events", { key: tenant.key, body: JSON.stringify(sent) })
    expect(ingested.status).toBe(201)
    const sentOnly = { user_ids: [actor.id] }
    for (const { code, name, description } of eventTypes.slice(1)) {
      for (const operations of [[code], [name]]) {
        const { entries } = await post({ query: { operations, ...sentOnly } }, { key: tenant.key })
        expect([name, entries]).toEqual([name, [expect.objectContaining({ operation: code, description })]])
      }
    }
    const all = await post({ query: { operations: [0], ...sentOnly } }, { key: tenant.key })
    expect(all.entries).toHaveLength(48)
  })

  test("that nobody knows survives in and out and is found, and one without a code has its description", async () => {
    const events = [
      anEvent({ operation: "thing.happen", operationCode: 4711, description: "A thing happened" }),
      anEvent({ operation: "cluster.change", operationCode: 902, description: "A cluster changed" }),
      anEvent({
        operation: "door.open",
        description: "A door opened",
        actor: { type: "user", id: "porter" },
      }),
    ]
    await send(events)
    const found = async (operations: readonly unknown[]) =>
      (await post({ query: { operations } })).entries.map(({ operation, description }) => [
        operation,
        description,
      ])
    expect(await found([4711])).toEqual([[4711, "A thing happened"]])
    expect(await found(["COMPUTE_CLUSTER_UPDATE"])).toEqual([[902, "A cluster changed"]])
    expect(await found([9999])).toEqual([])
    const { entries } = await post({ query: { user_ids: ["porter"] } })
    expect(entries).toMatchObject([{ description: "A door opened" }])
    expect(entries[0]).not.toHaveProperty("operation")
  })
})

describe("a request that is refused", () => {
  const otherKey = "aud_live_0000000000000000000000000000000000"

  test.each<readonly [string, number, number, (() => Promise<Answer>) | string]>([
    ["no key", 401, 11002, () => post({}, { headers: {} })],
    ["another scheme", 401, 11002, () => post({}, { headers: { authorization: "Basic x" } })],
    ["an unknown key", 401, 11009, () => post({}, { key: otherKey })],
    ["no JSON", 400, 11100, "{"],
    ["a text that is no JSON", 400, 11100, "query=1"],
    ["a body that is no UTF-8", 400, 11100, () => post(null, { body: new Uint8Array([0x22, 0xff, 0x22]) })],
    [
      "a compression that is none",
      400,
      11100,
      () => post({}, { headers: { authorization: `Key ${api.tenant.key}`, "content-encoding": "br" } }),
    ],
    ["a megabyte and a byte", 400, 11102, `${" ".repeat(1024 * 1024 - 1)}{}`],
    ["a list", 400, 11102, "[]"],
    ["a member twice", 400, 11102, '{"sort_ascending":true,"sort_ascending":false}'],
    ["an unknown member", 400, 11102, '{"query":{"regions":["eu"]}}'],
    ["an unknown name", 400, 11102, '{"query":{"operations":["MODEL_TRAIN"]}}'],
    ["a target without id", 400, 11102, '{"query":{"targets":[{"model":{}}]}}'],
    ["an empty oneof", 400, 11102, '{"query":{"targets":[{}]}}'],
    ["more than a thousand a page", 400, 11102, '{"pagination":{"per_page":1001}}'],
    ["the largest page there could be", 400, 11102, '{"pagination":{"per_page":4294967295}}'],
    ["a number beyond it", 400, 11102, '{"pagination":{"per_page":4294967296}}'],
    ["a time that is none", 400, 11102, '{"query":{"timestamp_to":"yesterday"}}'],
    ["a page too deep", 400, 11105, '{"pagination":{"page":102,"per_page":1000}}'],
    ["the deepest page there could be", 400, 11105, '{"pagination":{"page":4294967295}}'],
    ["an unknown user", 404, 11101, () => post({}, { user: "nobody" })],
    ["a user with odd letters", 404, 11101, () => post({}, { user: "a%2Fb%00%C3%A9" })],
  ])("for %s is %d with the code %d", async (_, httpStatus, code, ask) => {
    const answer = typeof ask === "string" ? await post(ask) : await ask()
    expect(answer).toMatchObject({ httpStatus, status: { code }, entries: [] })
    expect(JSON.stringify(answer)).not.toContain(otherKey)
  })

  test("for its input says in the notes where the fault is, in the names of the protocol", async () => {
    const body = { query: { timestampTo: 1, userIds: [7] }, pagination: { perPage: "x" }, nonsense: 1 }
    const { status } = await post(body)
    expect(status.developer_notes?.split("\n")).toEqual([
      "/query/timestamp_to: must be a date and time like 2024-08-25T00:00:00Z (RFC 3339)",
      "/query/user_ids/0: must be a text",
      "/pagination/per_page: must be a whole number from 0 to 4294967295",
      "/nonsense: is not known here",
    ])
  })

  test("for another organization is the same as for one that does not exist", async () => {
    const other = await api.makeTenant()
    const unknown = await post({}, { user: "nobody" })
    for (const user of [other.organization.slug, other.organization.id]) {
      const { status } = await post({}, { user })
      expect({ ...status, req_id: "" }).toEqual({ ...unknown.status, req_id: "" })
    }
  })

  test("for want of a permission leaves an event, and its key reads nothing", async () => {
    const key = await api.tenant.makeKey(["LOG-INGESTION"])
    expect(await post({}, { key })).toMatchObject({ httpStatus: 403, status: { code: 11007 }, entries: [] })
    const log = await readLog(api, api.tenant.organization)
    expect(log.at(-1)).toMatchObject({ status: "denied", actor: { type: "api_key" } })
  })

  test("does not say that a key with LOG-OWN may see what others did", async () => {
    const key = await api.tenant.makeKey(["LOG-OWN"])
    const answer = await post({}, { key })
    expect(answer.status.code).toBe(10000)
    expect(documented(answer)).toEqual([])
  })

  test("leads from a key in the address to the header", async () => {
    const response = await api.call(
      "POST",
      `/v2/users/me/audit_log/searches?key=${api.tenant.key}`,
      raw("{}"),
    )
    expect([response.status, (await response.json()).status.code]).toEqual([401, 11002])
  })

  test.each([
    ["/v2", "GET"],
    ["/v2/users/me", "GET"],
    ["/v2/users/me/apps", "POST"],
    ["/v2/users/me/audit_log", "POST"],
    ["/v2/models", "DELETE"],
    ["/v2/users/me/audit_log/searches/x", "PATCH"],
    ["/v2/status", "OPTIONS"],
  ] as const)("for the address %s is 11101", async (address, method) => {
    const response = await api.call(method, address)
    expect([response.status, await response.json()]).toMatchObject([404, { status: { code: 11101 } }])
  })

  test.each(["GET", "PUT", "PATCH", "DELETE", "OPTIONS"] as const)(
    "for the method %s is 11101, too",
    async method => {
      const response = await api.call(method, "/v2/users/me/audit_log/searches")
      expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"])
      expect((await response.json()).status.code).toBe(11101)
    },
  )
})

describe("while the log cannot be read", () => {
  /** From now on the database fails with this error, until the function that is returned is called. */
  async function failWith(state: string): Promise<() => Promise<unknown>> {
    await api.db.superuser.query(`
      ALTER VIEW ledger.visible_head RENAME TO kept_head;
      CREATE FUNCTION ledger.failing() RETURNS bigint LANGUAGE plpgsql AS
        $$BEGIN RAISE EXCEPTION 'a detail of the inside' USING ERRCODE = '${state}'; END$$;
      GRANT EXECUTE ON FUNCTION ledger.failing TO PUBLIC;
      CREATE VIEW ledger.visible_head AS SELECT ledger.failing() AS size;
      GRANT SELECT ON ledger.visible_head TO auditorium_application`)
    return () =>
      api.db.superuser.query(`
        DROP VIEW ledger.visible_head;
        DROP FUNCTION ledger.failing;
        ALTER VIEW ledger.kept_head RENAME TO visible_head`)
  }

  test.each([
    ["unreachable", "57P01", 503, 98006],
    ["out of memory", "53200", 503, 98006],
    ["too slow", "57014", 503, 98009],
    ["broken in another way", "22000", 500, 98004],
  ])(
    "because the database is %s (%s), the answer is %d with the code %d, never an empty result",
    async (...given) => {
      const [, state, httpStatus, code] = given
      vi.spyOn(process.stderr, "write").mockReturnValue(true)
      const repair = await failWith(state)
      try {
        const answer = await post({})
        expect(answer).toMatchObject({ httpStatus, status: { code }, entries: [] })
        expect(JSON.stringify(answer)).not.toContain("inside")
      } finally {
        await repair()
        vi.restoreAllMocks()
      }
      expect((await post({})).status.code).toBe(10000)
    },
  )
})
