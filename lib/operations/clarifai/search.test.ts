import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, test } from "vitest"
import type { ApiKeyPrincipal } from "@/lib/access/principal"
import type { PreparedEvent, Status } from "@/lib/audit/event/event"
import { addMicroseconds, assertInstant, type Instant } from "@/lib/audit/time/instant"
import { eventTypes } from "@/lib/clarifai/event-types"
import type { ClarifaiEntry, ClarifaiSearch } from "@/lib/clarifai/messages"
import { AppError } from "@/lib/errors"
import { append } from "@/lib/ledger/append"
import { execute } from "@/lib/operations/core/execute"
import { callerFor, job, makeOrganization } from "@/lib/operations/fixtures/access"
import { eventsOf, home, makeGroup, member, setUpHome } from "@/lib/operations/fixtures/home"
import { prepareTestEvent } from "@/test/events"
import { platform } from "@/test/platform"
import { searchAsClarifai } from "./search"
import { createClarifaiUserId, deleteClarifaiUserId } from "./user-ids"

setUpHome(beforeAll)

const appId = randomUUID()
const startsAt = assertInstant("2025-01-17T12:00:00.000000Z")
const at = (microseconds: number): Instant => addMicroseconds(startsAt, microseconds)
const everything: Omit<ClarifaiSearch, "user"> = {
  ...{ from: null, to: null, userIds: [], operations: [], targets: [], success: null, sourceIps: [] },
  ...{ ascending: false, page: 1, perPage: 128 },
}

let clock = Date.parse("2026-11-30T12:00:00Z")

/** A key, with the permission to read all; each has a rate of its own. */
function key(given: Partial<ApiKeyPrincipal> = {}): ApiKeyPrincipal {
  return {
    ...{ kind: "api-key", keyId: randomUUID(), name: "Key", organization: home },
    app: { id: appId, slug: "shop", name: "Shop" },
    permissions: new Set(["LOG-MANAGEMENT", "LOG-EXPORT", "LOG-OWN"]),
    scope: { organizationId: home.id, appIds: null, actorId: null },
    ...given,
  }
}

/** Every call is a second after the one before it, so that only a test of the rate meets the limit. */
function ask(search: Partial<ClarifaiSearch>, principal = key()) {
  clock += 1_000
  const input = { user: "me", ...everything, ...search }
  return execute(searchAsClarifai, callerFor(principal, { at: new Date(clock) }), input)
}

const found = async (search: Partial<ClarifaiSearch>, principal?: ApiKeyPrincipal) =>
  (await ask(search, principal)).entries.map(({ req_id }) => req_id)

/** Records events, named by their request ids, in the log of the organization. */
async function record(
  events: readonly (Partial<PreparedEvent["content"]> & { readonly requestId: string })[],
) {
  const own = { id: home.id, appId }
  const prepared = events.map(content =>
    prepareTestEvent(own, { id: randomUUID(), operationCode: undefined, ...content }),
  )
  for (let first = 0; first < prepared.length; first += 1_000) {
    await platform.database.withOrganization(home.id, tx =>
      append(tx, home.id, prepared.slice(first, first + 1_000)),
    )
  }
}

const isTooDeep = ({ subcode }: AppError) => subcode === "too-deep"

async function refusalOf(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof AppError)) throw new Error("It was not refused.", { cause: error })
  return error
}

describe("a search", () => {
  beforeAll(async () => {
    const ofStatus = (requestId: string, status: Status, microseconds: number) => ({
      ...{ requestId, status, occurredAt: at(microseconds) },
    })
    await record([
      { ...ofStatus("a", "success", 0), operationCode: 400, actor: { type: "user", id: "ada" } },
      {
        ...ofStatus("b", "failure", 1),
        operationCode: 4_711,
        targets: [{ type: "application", id: "shop" }],
        source: { ip: "3.234.120.41", ipText: "3.234.120.41" },
      },
      { ...ofStatus("c", "denied", 2), operationCode: 902, targets: [{ type: "group", id: "writers" }] },
      { ...ofStatus("d", "unknown", 3), targets: [{ type: "app", id: "shop" }] },
      {
        ...ofStatus("e", "success", 4),
        operationCode: 403,
        targets: [
          { type: "workflow", id: "shop" },
          { type: "team", id: "writers" },
        ],
        source: { ip: "2001:db8::7", ipText: "2001:db8::7" },
      },
    ])
  })

  // The events of the console itself, which the tests before leave, are of today.
  const then = { from: startsAt, to: at(1_000) }
  const ids = (entries: string) => entries.split("").filter(id => id !== " ")

  test.each<[string, Partial<ClarifaiSearch>, string]>([
    ["nothing: all of them, the newest first", {}, "e d c b a"],
    ["ascending order", { ascending: true }, "a b c d e"],
    ["both ends of a time, to the microsecond", { from: at(1), to: at(3) }, "d c b"],
    ["one microsecond", { from: at(2), to: at(2) }, "c"],
    ["a time that ends before it begins", { from: at(3), to: at(2) }, ""],
    ["codes, known and unknown", { operations: [4_711, 902] }, "c b"],
    ["a code that no event can have", { operations: [-1] }, ""],
    ["the same beside one that an event has", { operations: [-1, 400] }, "a"],
    ["a code and none", { operations: [0, 400] }, "d a"],
    ["an actor", { userIds: ["ada", "nobody"] }, "e d c b a"],
    ["an actor that none is", { userIds: ["nobody"] }, ""],
    ["an empty actor", { userIds: [""] }, ""],
    ["an actor that no event can have", { userIds: ["a\0b", "\ud800"] }, ""],
    ["a target app, which ours is too", { targets: [{ type: "app", id: "shop" }] }, "d b"],
    ["a target team, which our group is too", { targets: [{ type: "team", id: "writers" }] }, "e c"],
    [
      "several targets",
      {
        targets: [
          { type: "workflow", id: "shop" },
          { type: "team", id: "none" },
        ],
      },
      "e",
    ],
    ["a target of another type", { targets: [{ type: "model", id: "shop" }] }, ""],
    ["success", { success: true }, "e a"],
    ["no success: every entry that says so", { success: false }, "d c b"],
    ["an ip, beside what is none", { sourceIps: ["3.234.120.41", "localhost", ""] }, "b"],
    ["a network", { sourceIps: ["2001:db8::/32"] }, "e"],
    ["an IPv4 address as IPv6", { sourceIps: ["::ffff:3.234.120.41"] }, "b"],
    ["only what is no ip", { sourceIps: ["localhost"] }, ""],
    ["everything together", { operations: [403], success: true, sourceIps: ["2001:db8::7"] }, "e"],
    ["everything together, of which one is missing", { operations: [403], success: false }, ""],
  ])("by %s", async (_, search, expected) => {
    expect(await found({ ...then, ...search })).toEqual(ids(expected))
  })

  test("finds every code of the protocol by itself, also those that the catalogue has no name for", async () => {
    const codes = [...eventTypes.map(({ code }) => code).filter(code => code > 0), 1_103, 2_147_483_647]
    await record(
      codes.map((code, number) => ({
        ...{ requestId: `code-${code}`, operationCode: code },
        occurredAt: at(5_000 + number),
      })),
    )
    const span = { from: at(5_000), to: at(5_000 + codes.length) }
    for (const code of codes) expect(await found({ ...span, operations: [code] })).toEqual([`code-${code}`])
    expect(await found({ ...span, operations: codes, perPage: 1_000, ascending: true })).toEqual(
      codes.map(code => `code-${code}`),
    )
  })

  test("without a time searches the whole log, years and not days", async () => {
    expect(await found({ operations: [4_711] })).toEqual(["b"])
  })

  test("gives filter and member of the outcome the same meaning for every event", async () => {
    for (const success of [true, false]) {
      const { entries } = await ask({ ...then, success })
      expect(new Set(entries.map(entry => entry.success))).toEqual(new Set([success]))
    }
  })

  test("by the id of a group finds what its members did, also without any member", async () => {
    const somebody = await member()
    const [full, empty] = [
      await makeGroup(`Full ${randomUUID()}`, [somebody.personId], []),
      await makeGroup(`Empty ${randomUUID()}`, [], []),
    ]
    await record([
      { requestId: "of-member", actor: { type: "user", id: somebody.personId }, occurredAt: at(2_000) },
    ])
    const day = { from: at(2_000), to: at(2_000) }
    expect(await found({ ...day, userIds: [full] })).toEqual(["of-member"])
    expect(await found({ ...day, userIds: [full.toUpperCase()] })).toEqual(["of-member"])
    expect(await found({ ...day, userIds: [empty] })).toEqual([])
    expect(await found({ ...day, userIds: [empty, somebody.personId] })).toEqual(["of-member"])
  })

  test("of a key that sees its own actions finds those alone, whatever it asks", async () => {
    const scope = { organizationId: home.id, appIds: null, actorId: "ada" }
    const own = key({ permissions: new Set(["LOG-OWN"]), scope })
    const log = async (search: Partial<ClarifaiSearch>) => (await ask({ ...then, ...search }, own)).entries
    const users = (entries: readonly ClarifaiEntry[]) => new Set(entries.map(({ user }) => user.id))
    expect(users(await log({}))).toEqual(new Set(["ada"]))
    expect(await log({ userIds: ["nobody"] })).toEqual([])
    const none = key({ permissions: new Set(), scope })
    expect(await refusalOf(ask({}, none))).toMatchObject({ code: "forbidden" })
  })
})

describe("the user of a search", () => {
  test("is the organization of the key by its name, id or alias; everything else is one refusal", async () => {
    const other = await makeOrganization()
    const alias = `alfrick-${randomUUID().slice(0, 8)}`
    const foreign = `foreign-${randomUUID().slice(0, 8)}`
    await execute(createClarifaiUserId, job(home), { value: alias })
    await execute(createClarifaiUserId, job(other), { value: foreign })
    for (const user of ["me", home.slug, home.id, home.id.toUpperCase(), alias]) await ask({ user })
    const unknown = [
      "",
      "ME",
      alias.toUpperCase(),
      foreign,
      other.slug,
      other.id,
      "a\0b",
      "x".repeat(9_999),
      "..",
    ]
    const refusals = await Promise.all(unknown.map(user => refusalOf(ask({ user }))))
    expect(new Set(refusals.map(({ code, message }) => `${code} ${message}`)).size).toBe(1)
    expect(refusals[0]?.code).toBe("not-found")
    await execute(deleteClarifaiUserId, job(home), { value: alias })
    expect(await refusalOf(ask({ user: alias }))).toMatchObject({ code: "not-found" })
  })
})

describe("pages", () => {
  const day = { from: at(10_000), to: at(20_000) }
  const numbers = (from: number, to: number) =>
    Array.from({ length: Math.abs(from - to) + 1 }, (_, step) => `n${from + (from < to ? step : -step)}`)
  const numbered = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, step) => ({
      ...{ requestId: `n${from + step}`, occurredAt: at(10_000 + (from + step) * 10) },
    }))

  beforeAll(() => record(numbered(1, 20)))

  test("by their number hold each event once, in both orders; what is not full is the last", async () => {
    const reader = key()
    for (const [ascending, all] of [
      [false, numbers(20, 1)],
      [true, numbers(1, 20)],
    ] as const) {
      for (const perPage of [1, 7, 20, 1_000]) {
        const pages: string[][] = []
        for (let page = 1; page <= 22; page += 1) {
          pages.push(await found({ ...day, ascending, page, perPage }, page % 2 ? reader : key()))
        }
        expect(pages.flat()).toEqual(all)
        expect(pages.slice(0, Math.floor(20 / perPage)).every(page => page.length === perPage)).toBe(true)
      }
    }
  })

  test("in sequence do not move when events are recorded between them, in front of them or among them", async () => {
    const reader = key()
    const ask = (page: number) => found({ ...day, page, perPage: 5 }, reader)
    const first = await ask(1)
    expect(first).toEqual(numbers(20, 16))
    await record(numbered(31, 80))
    await record([{ requestId: "late", occurredAt: at(10_101) }])
    expect(await ask(2)).toEqual(numbers(15, 11))
    // Asked again, it is the same; out of sequence, it is of the same reading.
    expect(await ask(2)).toEqual(numbers(15, 11))
    expect(await ask(4)).toEqual(numbers(5, 1))
    expect(await ask(3)).toEqual(numbers(10, 6))
    expect(await ask(5)).toEqual([])
    // A new first page is a new reading.
    expect(await ask(1)).toEqual(numbers(80, 76))
  })

  test("of another key, another query or after five minutes are as of now", async () => {
    const reader = key()
    const query = { ...day, to: at(10_000 + 200) }
    const ask = (page: number, principal = reader, more = {}) =>
      found({ ...query, page, perPage: 5, ...more }, principal)
    const [before] = await ask(1)
    await record([{ requestId: "new", occurredAt: at(10_200) }])
    expect([before, ...(await ask(2))][0]).toBe("n20")
    expect((await ask(2, key()))[0]).not.toBe((await ask(2))[0])
    expect(await ask(2, reader, { sourceIps: ["192.0.2.7"] })).toEqual(await ask(2, key()))
    clock += 5 * 60_000
    expect(await ask(2)).toEqual(await ask(2, key()))
  })

  test("of two programs with one key go on where each of them is", async () => {
    const reader = key()
    const ask = (page: number) => found({ ...day, page, perPage: 10 }, reader)
    await ask(1)
    const second = await ask(2)
    await record(numbered(81, 85))
    expect((await ask(1))[0]).toBe("n85")
    const third = await ask(3)
    expect(third).not.toContain(second.at(-1))
    expect(await ask(2)).toHaveLength(10)
    expect((await ask(2))[0]).toBe("n75")
  })

  test("that lie too far back, or that a bounded search does not fill, are refused and not cut", async () => {
    const deep = await refusalOf(ask({ page: 102, perPage: 1_000 }))
    expect(isTooDeep(deep)).toBe(true)
    expect(await found({ ...day, page: 101, perPage: 1_000 })).toEqual([])
    expect(await found({ ...day, page: 100_001, perPage: 1 })).toEqual([])
    expect(isTooDeep(await refusalOf(ask({ page: 100_002, perPage: 1 })))).toBe(true)
    expect(isTooDeep(await refusalOf(ask({ page: 2 ** 32 - 1, perPage: 1_000 })))).toBe(true)
  })

  test("that a search without an index does not fill are refused, and given when it does", async () => {
    const [from, to] = [at(40_000_000), at(40_010_100)]
    await record(
      Array.from({ length: 10_101 }, (_, number) => ({
        ...{ requestId: `s${number}`, occurredAt: addMicroseconds(from, number), targets: [] },
        status: number === 0 || number === 10_100 ? "success" : "failure",
      })),
    )
    const ask = (search: Partial<ClarifaiSearch>) => found({ from, to, success: true, ...search })
    expect(await ask({ perPage: 1 })).toEqual(["s10100"])
    expect(await ask({ perPage: 1, ascending: true })).toEqual(["s0"])
    for (const search of [{ perPage: 2 }, { perPage: 1, page: 2 }, { perPage: 1_000, ascending: true }]) {
      expect(isTooDeep(await refusalOf(ask(search)))).toBe(true)
    }
    expect(await ask({ to: addMicroseconds(from, 9_000), perPage: 2 })).toEqual(["s0"])
  })

  test("of a thousand are read in parts and hold a thousand", async () => {
    const from = at(1_000_000)
    await record(
      Array.from({ length: 1_030 }, (_, number) => ({
        ...{ requestId: `m${number}`, occurredAt: addMicroseconds(from, number) },
      })),
    )
    const reader = key()
    const [first, second] = [
      await found({ from, page: 1, perPage: 1_000, ascending: true }, reader),
      await found(
        { from, to: addMicroseconds(from, 1_029), page: 2, perPage: 1_000, ascending: true },
        reader,
      ),
    ]
    expect(first).toEqual(Array.from({ length: 1_000 }, (_, number) => `m${number}`))
    expect(second).toEqual(Array.from({ length: 30 }, (_, number) => `m${1_000 + number}`))
  })
})

describe("the rate", () => {
  test("of one key is limited, that of another is not touched, and the first refusal is in the log", async () => {
    const [hasty, other] = [key(), key()]
    const now = new Date(clock)
    const call = (principal: ApiKeyPrincipal, at = now) =>
      execute(searchAsClarifai, callerFor(principal, { at }), { user: "me", ...everything, perPage: 1 })
    for (let time = 0; time < 15; time += 1) await call(hasty)
    const refusal = await refusalOf(call(hasty))
    expect(refusal).toMatchObject({ code: "rate-limited", rateLimit: { limitPerSecond: 15 } })
    expect(refusal.retryAfterSeconds).toBeGreaterThan(0)
    await call(other)
    await call(hasty, new Date(now.getTime() + 1_000))
    const denied = (await eventsOf("event.search")).filter(({ actor }) => actor.id === hasty.keyId)
    expect(denied).toMatchObject([{ status: "denied", metadata: { owasp: "excess_rate_limit_exceeded" } }])
  })
})
