import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { AuditEvent, PreparedEvent } from "@/lib/audit/event/event"
import {
  type Continuation,
  continuationAfter,
  continueQuery,
  readCursor,
  signCursor,
} from "@/lib/audit/query/cursor"
import { fieldNames } from "@/lib/audit/query/fields"
import type { AuditQuery, Scope } from "@/lib/audit/query/query"
import type { EventStore, StorePage } from "@/lib/audit/store"
import { addMicroseconds, type Instant } from "@/lib/audit/time/instant"
import { instant, prepareTestEvent } from "@/lib/testing/events"
import { expectedEvents } from "./expected.contract"
import {
  type MadeUpOrganization,
  madeUpEvents,
  madeUpQuery,
  madeUpWindow,
  pickFrom,
} from "./made-up-log.contract"

/** A store with nothing in it, and the ledger it answers for. */
export interface StoreUnderTest {
  readonly store: EventStore
  /** How many events it looks at in one step when no index leads to the wanted ones. */
  readonly stepEvents: number
  organization(): Promise<MadeUpOrganization>
  /** Promise: the events are recorded in this order, and the store can read them. */
  append(organizationId: string, events: readonly PreparedEvent[]): Promise<void>
  close(): Promise<void>
}

const everything: AuditQuery = {
  window: madeUpWindow,
  include: {},
  exclude: {},
  text: null,
  order: "newest",
  asOf: null,
}
const key = new Uint8Array(32).fill(1)
const idsOf = (events: readonly AuditEvent[]) => events.map(event => event.id)

/** Every EventStore passes this suite. Most of it holds the store against a plain reading of the same log. */
export function storeContract(name: string, makeStore: () => Promise<StoreUnderTest>): void {
  describe(`the event store on ${name}`, () => {
    let test: StoreUnderTest
    let organization: MadeUpOrganization
    let scope: Scope
    let log: readonly AuditEvent[]

    beforeAll(async () => {
      test = await makeStore()
      organization = await test.organization()
      scope = scopeOf(organization)
      await test.append(organization.id, madeUpEvents(organization, 420))
      log = await everyPage(test.store, scope, { ...everything, order: "recorded" }, 100)
    }, 120_000)
    afterAll(() => test.close())

    describe("pages", () => {
      it("hold every event once, numbered without a gap, in the order of recording", () => {
        expect(log.map(event => event.index)).toEqual(log.map((_, at) => at))
        expect(log).toHaveLength(420)
      })

      it.each(["newest", "oldest", "recorded"] as const)(
        "of any size give the same events, %s first",
        async order => {
          const expected = idsOf(expectedEvents(log, scope, { ...everything, order }))
          for (const limit of [1, 7, 100]) {
            expect(idsOf(await everyPage(test.store, scope, { ...everything, order }, limit))).toEqual(
              expected,
            )
          }
        },
      )

      it("lose and repeat nothing where events that share their moment meet a page's end", async () => {
        const shared = await test.organization()
        const occurredAt = instant("2026-11-01T00:00:00.000000Z")
        const ids = Array.from({ length: 30 }, () => randomUUID())
        await test.append(
          shared.id,
          ids.map(id => prepareTestEvent(shared, { id, occurredAt })),
        )
        for (const order of ["newest", "oldest"] as const) {
          for (const limit of [1, 4, 29, 30, 31]) {
            const found = idsOf(await everyPage(test.store, scopeOf(shared), { ...everything, order }, limit))
            expect(found).toEqual(order === "newest" ? [...ids].sort().reverse() : [...ids].sort())
          }
        }
      })

      it("end exactly: a full last page is not followed by an empty one", async () => {
        const page = await test.store.search(scope, everything, { limit: 420, after: null })
        expect(page).toMatchObject({ next: null, searchedBackTo: null, asOf: 420 })
        expect(page.events).toHaveLength(420)
        const shorter = await test.store.search(scope, everything, { limit: 419, after: null })
        expect(shorter.next).toMatchObject({ id: shorter.events.at(-1)?.id })
      })

      it("keep microseconds apart, and an end of the window out", async () => {
        const precise = await test.organization()
        const first = instant("2026-11-01T00:00:00.449860Z")
        const moments = [0, 1, 2].map(microseconds => addMicroseconds(first, microseconds))
        await test.append(
          precise.id,
          moments.map(occurredAt => prepareTestEvent(precise, { id: randomUUID(), occurredAt })),
        )
        const at = async (from: Instant, before: Instant) => {
          const query = { ...everything, order: "oldest" as const, window: { from, before } }
          const page = await test.store.search(scopeOf(precise), query, { limit: 9, after: null })
          return page.events.map(event => event.occurredAt)
        }
        const [a, b, c] = moments as [Instant, Instant, Instant]
        expect(await at(a, addMicroseconds(c, 1))).toEqual([a, b, c])
        expect(await at(a, b)).toEqual([a])
        expect(await at(b, c)).toEqual([b])
      })

      it("of a log without events are empty and tell its size", async () => {
        const empty = await test.organization()
        for (const order of ["newest", "oldest", "recorded"] as const) {
          const page = await test.store.search(
            scopeOf(empty),
            { ...everything, order },
            { limit: 9, after: null },
          )
          expect(page).toEqual({ events: [], next: null, searchedBackTo: null, asOf: 0 })
        }
      })
    })

    describe("filters", () => {
      const samples: [string, Partial<AuditQuery["include"]>][] = [
        ["operation", { operation: ["workflow.create"] }],
        ["several operations", { operation: ["workflow.create", "Odd/Name"] }],
        ["a family", { operation: ["workflow.*"] }],
        ["a status", { status: ["denied"] }],
        ["success", { status: ["success"] }],
        ["several statuses", { status: ["failure", "success"] }],
        ["an actor", { actor: ["100%"] }],
        ["several actors", { actor: ["ada", "back\\slash"] }],
        ["a target's id", { target: ["one"] }],
        ["a target's type and id", { target: ["workflow:a:b"] }],
        ["several targets", { target: ["app:two", "three"] }],
        ["an address", { ip: ["192.0.2.7"] }],
        ["a network", { ip: ["192.0.2.0/25"] }],
        ["every IPv4 address", { ip: ["0.0.0.0/0"] }],
        ["IPv6 networks", { ip: ["2001:db8::/48", "192.0.2.200"] }],
        ["a request", { request: ["request-1"] }],
        ["several fields", { actor: ["ada", "bob"], status: ["success"], target: ["two"] }],
      ]

      it.each(samples)("by %s include what has the value, and exclude what has not", async (_, values) => {
        for (const side of ["include", "exclude"] as const) {
          const query = { ...everything, [side]: values }
          const expected = idsOf(expectedEvents(log, scope, query))
          expect(expected.length).toBeGreaterThan(0)
          expect(expected.length).toBeLessThan(log.length)
          expect(idsOf(await everyPage(test.store, scope, query, 50))).toEqual(expected)
        }
      })

      it("by app", async () => {
        for (const side of ["include", "exclude"] as const) {
          const query = { ...everything, [side]: { app: [organization.builtInAppId] } }
          const found = await everyPage(test.store, scope, query, 50)
          expect(new Set(found.map(event => event.appId))).toEqual(
            new Set([side === "include" ? organization.builtInAppId : organization.appId]),
          )
          expect(idsOf(found)).toEqual(idsOf(expectedEvents(log, scope, query)))
        }
      })

      it("that exclude keep events that have no value at all", async () => {
        const query = {
          ...everything,
          exclude: { ip: ["0.0.0.0/0", "::/0"], request: ["request-1"], target: ["one"] },
        }
        const found = await everyPage(test.store, scope, query, 50)
        expect(found.some(event => event.source === undefined)).toBe(true)
        expect(found.some(event => event.source?.ip === null)).toBe(true)
        expect(found.some(event => event.requestId === undefined)).toBe(true)
        expect(idsOf(found)).toEqual(idsOf(expectedEvents(log, scope, query)))
      })

      it.each([
        "%",
        "_",
        "\\",
        "50 %",
        "a_b",
        "c\\d",
        "100%",
        "mixed case",
        "ÄRGER",
        "straße",
        "ВЛАДИМИР",
        "東京都",
        "東京",
        "x",
      ])("by the text %j find it as it stands, in capitals or not", async text => {
        const query = { ...everything, text }
        const expected = idsOf(expectedEvents(log, scope, query))
        expect(expected.length).toBeGreaterThan(0)
        expect(expected.length).toBeLessThan(log.length)
        expect(idsOf(await everyPage(test.store, scope, query, 50))).toEqual(expected)
      })

      it.each(["'", '"', "';--", "$1", "%%%%", "{}", "request-1\nrequest-2", "\u{10FFFF}", "zzz"])(
        "by the text %j, which no event has, find nothing",
        async text => {
          expect(await everyPage(test.store, scope, { ...everything, text }, 50)).toEqual([])
        },
      )

      it("in any combination, order and window mean what a plain reading of the log means, in pages, stream and count", async () => {
        const pick = pickFrom(11)
        let found = 0
        for (let time = 0; time < 200; time += 1) {
          const query = madeUpQuery(organization, pick)
          const expected = idsOf(expectedEvents(log, scope, query))
          found += expected.length
          const said = JSON.stringify(query)
          expect(idsOf(await everyPage(test.store, scope, query, pick([3, 40, 100]))), said).toEqual(expected)
          expect(idsOf(await streamed(test.store, scope, query)), said).toEqual(expected)
          expect(await test.store.count(scope, query, 1_000), said).toEqual({
            count: expected.length,
            exact: true,
          })
        }
        expect(found).toBeGreaterThan(2_000)
      })

      it("of every field can be asked", () => {
        const asked = new Set(samples.flatMap(([, values]) => Object.keys(values)))
        expect([...asked, "app"].sort()).toEqual([...fieldNames].sort())
      })
    })

    describe("the Scope", () => {
      it("narrows every question, and no question widens it", async () => {
        const pick = pickFrom(23)
        const scopes: readonly Scope[] = [
          { ...scope, appIds: [organization.builtInAppId] },
          { ...scope, appIds: [organization.appId, randomUUID()] },
          { ...scope, appIds: [] },
          { ...scope, actorId: "ada" },
          { ...scope, appIds: [organization.appId], actorId: "back\\slash" },
          { ...scope, actorId: "nobody" },
        ]
        for (const narrow of scopes) {
          const wide = { ...everything, include: { app: [organization.appId, organization.builtInAppId] } }
          for (const query of [
            everything,
            wide,
            ...Array.from({ length: 12 }, () => madeUpQuery(organization, pick)),
          ]) {
            const expected = idsOf(expectedEvents(log, narrow, query))
            const said = JSON.stringify([narrow, query])
            expect(idsOf(await everyPage(test.store, narrow, query, 40)), said).toEqual(expected)
            expect(idsOf(await streamed(test.store, narrow, query)), said).toEqual(expected)
            expect(await test.store.count(narrow, query, 1_000), said).toEqual({
              count: expected.length,
              exact: true,
            })
          }
        }
      })

      it("of another organization sees nothing of this one", async () => {
        const other = await test.organization()
        const foreign = scopeOf(other)
        const [event] = log
        if (!event) throw new Error("the log has events")
        const query = { ...everything, include: { app: [event.appId] } }
        expect(await everyPage(test.store, foreign, everything, 50)).toEqual([])
        expect(await everyPage(test.store, foreign, query, 50)).toEqual([])
        expect(await streamed(test.store, foreign, everything)).toEqual([])
        expect(await test.store.count(foreign, everything, 10)).toEqual({ count: 0, exact: true })
        expect(await test.store.find(foreign, event.id)).toBeNull()
        expect(await test.store.findRaw(foreign, log)).toEqual(new Map())
        for (const field of ["operation", "actor", "target"] as const) {
          const request = { field, typed: "", window: madeUpWindow, limit: 9 }
          expect(await test.store.choices(foreign, request)).toEqual([])
        }
      })
    })

    describe("asOf", () => {
      it("freezes an answer while events arrive before, between and after those read", async () => {
        const growing = await test.organization()
        const growingScope = scopeOf(growing)
        const day = (number: number) => instant(`2026-10-${String(number).padStart(2, "0")}T00:00:00.000000Z`)
        const append = (days: readonly number[]) =>
          test.append(
            growing.id,
            days.map(number => prepareTestEvent(growing, { id: randomUUID(), occurredAt: day(number) })),
          )
        await append([2, 4, 6, 8, 10, 12])
        for (const order of ["newest", "oldest"] as const) {
          const before = idsOf(await everyPage(test.store, growingScope, { ...everything, order }, 100))
          let page = await test.store.search(
            growingScope,
            { ...everything, order },
            { limit: 2, after: null },
          )
          const found = idsOf(page.events)
          while (page.next) {
            await append([1, 5, 7, 9, 13])
            const query = { ...everything, order, asOf: page.asOf }
            page = await test.store.search(growingScope, query, { limit: 2, after: page.next })
            found.push(...idsOf(page.events))
          }
          expect(found).toEqual(before)
        }
      })

      it("gives the answer of an earlier size of the log, whichever way it is asked", async () => {
        const pick = pickFrom(5)
        for (const asOf of [0, 1, 77, 419, 420]) {
          const query = { ...madeUpQuery(organization, pick), include: {}, text: null, asOf }
          const expected = idsOf(expectedEvents(log, scope, query))
          expect(idsOf(await everyPage(test.store, scope, query, 50))).toEqual(expected)
          expect(idsOf(await streamed(test.store, scope, query))).toEqual(expected)
          expect(await test.store.count(scope, query, 1_000)).toEqual({ count: expected.length, exact: true })
        }
      })

      it("in recorded order lets a reader go on with what came later, from where the log ended", async () => {
        const growing = await test.organization()
        const query = { ...everything, order: "recorded" as const, exclude: { actor: ["noise"] } }
        const seen: string[] = []
        const recorded: string[] = []
        let from: Continuation | null = null
        for (const count of [3, 0, 1, 25]) {
          const events = Array.from({ length: count }, () => prepareTestEvent(growing, { id: randomUUID() }))
          recorded.push(...events.map(event => event.content.id))
          const noise = prepareTestEvent(growing, {
            id: randomUUID(),
            actor: { type: "system", id: "noise" },
          })
          await test.append(growing.id, [...events, noise])
          for (let page: StorePage | null = null; page === null || page.next; ) {
            const now: AuditQuery = from ? continueQuery(query, from) : query
            page = await test.store.search(scopeOf(growing), now, {
              limit: 10,
              after: from?.position ?? null,
            })
            seen.push(...idsOf(page.events))
            from = continuationAfter(query, page)
          }
        }
        expect(seen).toEqual(recorded)
      })
    })

    describe("a count", () => {
      it("stops at its limit and says so, and is exact up to it", async () => {
        expect(await test.store.count(scope, everything, 419)).toEqual({ count: 419, exact: false })
        expect(await test.store.count(scope, everything, 420)).toEqual({ count: 420, exact: true })
        expect(await test.store.count(scope, everything, 421)).toEqual({ count: 420, exact: true })
      })

      it("of what no index leads to may stop earlier, and then says so", async () => {
        const query = { ...everything, include: { request: ["request-"] } }
        expect(await test.store.count(scope, query, 1_000)).toEqual({ count: 0, exact: true })
        const counted = await test.store.count(scope, query, 10)
        expect(counted.count).toBe(0)
      })
    })

    describe("one event", () => {
      it("is found as it was recorded, with its number, its seal and its original bytes", async () => {
        const raw = new Uint8Array([0, 255, 10, 13, 34])
        const occurredAt = instant("1970-01-01T00:00:00.000001Z")
        const prepared = prepareTestEvent(
          organization,
          { id: randomUUID(), occurredAt, rawFormat: "test" },
          raw,
        )
        const plain = prepareTestEvent(organization, {
          id: randomUUID(),
          metadata: { a: [1, { b: "\u2028" }] },
        })
        const own = await test.organization()
        const ours = [prepared, plain].map(event => ({
          ...event,
          content: { ...event.content, organizationId: own.id },
        }))
        await test.append(own.id, ours)
        const [first, second] = ours
        const found = await test.store.find(scopeOf(own), first?.content.id ?? "")
        expect(found?.event).toMatchObject({ ...first?.content, index: 0 })
        expect(found?.event.leafHash).toMatch(/^[A-Za-z0-9_-]{43}$/)
        expect(found && Buffer.from(found.raw ?? [])).toEqual(Buffer.from(raw))
        const other = await test.store.find(scopeOf(own), second?.content.id ?? "")
        expect(other).toMatchObject({ raw: null, event: { ...second?.content, index: 1 } })
        const events = [found?.event, other?.event].filter(event => event !== undefined)
        const raws = await test.store.findRaw(scopeOf(own), events)
        expect([...raws].map(([id, bytes]) => [id, [...bytes]])).toEqual([[prepared.content.id, [...raw]]])
      })

      it("is the same on a page, in the stream and alone", async () => {
        const [event] = log
        const found = await test.store.find(scope, event?.id ?? "")
        expect(found?.event).toEqual(event)
        const [first] = await streamed(test.store, scope, { ...everything, order: "recorded" })
        expect(first).toEqual(event)
      })

      it("unknown, outside the Scope or not even an id is not there", async () => {
        const event = log.find(one => one.appId === organization.appId && one.actor.id === "ada")
        const id = event?.id ?? ""
        expect(await test.store.find(scope, randomUUID())).toBeNull()
        expect(await test.store.find(scope, "1")).toBeNull()
        expect(await test.store.find(scope, "' OR true --")).toBeNull()
        expect(await test.store.find({ ...scope, appIds: [organization.builtInAppId] }, id)).toBeNull()
        expect(await test.store.find({ ...scope, appIds: [] }, id)).toBeNull()
        expect(await test.store.find({ ...scope, actorId: "bob" }, id)).toBeNull()
        expect(
          await test.store.find({ ...scope, appIds: [organization.appId], actorId: "ada" }, id),
        ).not.toBeNull()
      })

      it("keeps its original bytes from a Scope that does not cover it", async () => {
        const own = await test.organization()
        await test.append(own.id, [prepareTestEvent(own, { id: randomUUID() }, new Uint8Array([1]))])
        const events = await everyPage(test.store, scopeOf(own), everything, 9)
        expect((await test.store.findRaw(scopeOf(own), events)).size).toBe(1)
        expect((await test.store.findRaw({ ...scopeOf(own), appIds: [own.builtInAppId] }, events)).size).toBe(
          0,
        )
        expect((await test.store.findRaw({ ...scopeOf(own), actorId: "bob" }, events)).size).toBe(0)
        expect((await test.store.findRaw(scopeOf(own), [])).size).toBe(0)
      })
    })

    describe("choices", () => {
      const choose = async (
        field: "operation" | "actor" | "target",
        typed: string,
        { within = scope, limit = 200, window = madeUpWindow } = {},
      ) => test.store.choices(within, { field, typed, window, limit })

      it("are the values that occur, in order, with the names that people know", async () => {
        expect((await choose("operation", "")).map(choice => choice.value)).toEqual([
          ...["Odd/Name", "api_key.create", "workflow.create", "workflow.delete", "workflow_version.create"],
        ])
        expect(await choose("actor", "")).toContainEqual({ value: "ada", label: "Ada Lovelace" })
        expect(await choose("target", "")).toContainEqual({ value: "workflow:a:b", label: "Name of a:b" })
      })

      it("hold the typed text in value or name, in capitals or not, as it stands", async () => {
        const values = async (field: "operation" | "actor" | "target", typed: string) =>
          (await choose(field, typed)).map(choice => choice.value)
        expect(await values("operation", "CREATE")).toEqual([
          "api_key.create",
          "workflow.create",
          "workflow_version.create",
        ])
        expect(await values("operation", "workflow_")).toEqual(["workflow_version.create"])
        expect(await values("actor", "ad")).toEqual(["ada"])
        expect(await values("actor", "lovelace")).toEqual(["ada"])
        expect(await values("actor", "ärger")).toEqual(["back\\slash"])
        expect(await values("actor", "东京")).toEqual([])
        expect(await values("actor", "東京")).toEqual(["Ж-7"])
        expect(await values("actor", "%")).toEqual(["100%", "bob"])
        expect(await values("actor", "\\")).toEqual(["back\\slash"])
        expect(await values("target", "per%")).toEqual(["app:per%cent", "workflow:per%cent"])
        expect(await values("target", "app:t")).toEqual(["app:three", "app:two"])
        for (const field of ["operation", "actor", "target"] as const) {
          expect(await values(field, "zzz")).toEqual([])
          expect(await values(field, "\0")).toEqual([])
          expect(await values(field, "\u{10FFFF}")).toEqual([])
        }
      })

      it("occur in the window and the Scope, and are no more than the limit", async () => {
        const event = log.find(one => one.targets.length > 0)
        if (!event) throw new Error("some event has a target")
        const moment = { from: event.occurredAt, before: addMicroseconds(event.occurredAt, 1) }
        const then = expectedEvents(log, scope, { ...everything, window: moment })
        expect((await choose("actor", "", { window: moment })).map(choice => choice.value)).toEqual(
          [...new Set(then.map(one => one.actor.id))].sort(),
        )
        expect((await choose("operation", "", { window: moment })).map(choice => choice.value)).toEqual(
          [...new Set(then.map(one => one.operation))].sort(),
        )
        expect((await choose("operation", "", { limit: 2 })).map(choice => choice.value)).toEqual([
          "Odd/Name",
          "api_key.create",
        ])
        const own = { ...scope, actorId: "ada" }
        expect((await choose("actor", "", { within: own })).map(choice => choice.value)).toEqual(["ada"])
        expect(await choose("actor", "bob", { within: own })).toEqual([])
        expect(await choose("operation", "", { within: { ...scope, appIds: [] } })).toEqual([])
      })
    })

    describe("the stream", () => {
      it("stops with the reason when it is aborted, and can be begun again", async () => {
        const abort = new AbortController()
        const reading = async () => {
          for await (const batch of test.store.stream(scope, everything, abort.signal)) {
            expect(batch.length).toBeGreaterThan(0)
            abort.abort(new Error("enough"))
          }
        }
        await expect(reading()).rejects.toThrow("enough")
        await expect(
          streamed(test.store, scope, everything, AbortSignal.abort(new Error("never"))),
        ).rejects.toThrow("never")
        expect(await streamed(test.store, scope, everything)).toHaveLength(log.length)
      })

      it("gives its connection back when the reader leaves", async () => {
        for (let time = 0; time < 30; time += 1) {
          for await (const batch of test.store.stream(scope, everything, new AbortController().signal)) {
            if (batch.length > 0) break
          }
        }
        expect(await test.store.count(scope, everything, 1_000)).toEqual({ count: 420, exact: true })
      })
    })

    describe("a look at one event after another", () => {
      let large: MadeUpOrganization
      let wanted: readonly string[]

      beforeAll(async () => {
        large = await test.organization()
        const beyond = 500
        const count = test.stepEvents + beyond
        const first = instant("2026-10-01T00:00:00.000000Z")
        // At both ends, and around where a step ends, counted from either.
        const ends = [beyond, test.stepEvents].flatMap(at => [at - 1, at, at + 1])
        const rare = new Set([0, 1, ...ends, count - 1])
        const events = Array.from({ length: count }, (_, at) =>
          prepareTestEvent(large, {
            id: randomUUID(),
            occurredAt: addMicroseconds(first, Math.floor(at / 2) * 60_000_000),
            requestId: rare.has(at) ? "rare" : "common",
            description: "x",
            targets: [],
          }),
        )
        wanted = events.filter(event => event.content.requestId === "rare").map(event => event.content.id)
        for (let at = 0; at < count; at += 1_000) await test.append(large.id, events.slice(at, at + 1_000))
      }, 180_000)

      it.each(["newest", "oldest", "recorded"] as const)(
        "stops after a step, says how far it came, and on going on finds each event once, %s first",
        async order => {
          const query = { ...everything, order, include: { request: ["rare"] } }
          const pages = await pagesOf(test.store, scopeOf(large), query, 50)
          const stops = pages.flatMap(page => page.searchedBackTo ?? [])
          expect(stops).toHaveLength(1)
          expect(pages.find(page => page.searchedBackTo)?.next).not.toBeNull()
          // A page that a step fills stops nowhere.
          const small = await pagesOf(test.store, scopeOf(large), query, 4)
          for (const found of [pages, small]) {
            const ids = idsOf(found.flatMap(page => page.events))
            expect([...ids].sort()).toEqual([...wanted].sort())
          }
        },
      )

      it("streams and counts the same events without a stop", async () => {
        const query = { ...everything, include: { request: ["rare"] } }
        expect(idsOf(await streamed(test.store, scopeOf(large), query)).sort()).toEqual([...wanted].sort())
        const counted = await test.store.count(scopeOf(large), query, 10_000)
        expect(counted).toEqual({ count: wanted.length, exact: true })
        // So few are asked for that the look ends before the log does.
        expect(await test.store.count(scopeOf(large), query, 100)).toMatchObject({ exact: false })
      })

      it("takes a page that it can fill from where it stands, without a stop", async () => {
        const query = { ...everything, exclude: { request: ["rare"] } }
        const page = await test.store.search(scopeOf(large), query, { limit: 50, after: null })
        expect(page.events).toHaveLength(50)
        expect(page.searchedBackTo).toBeNull()
      })
    })
  })
}

function scopeOf({ id }: MadeUpOrganization): Scope {
  return { organizationId: id, appIds: null, actorId: null }
}

async function everyPage(store: EventStore, scope: Scope, query: AuditQuery, limit: number) {
  return (await pagesOf(store, scope, query, limit)).flatMap(page => page.events)
}

/** All pages, each reached by the cursor that the one before it gave. */
async function pagesOf(store: EventStore, scope: Scope, query: AuditQuery, limit: number) {
  const pages = [await store.search(scope, query, { limit, after: null })]
  for (let page = pages[0]; page; ) {
    expect(page.events.length).toBeLessThanOrEqual(limit)
    const { asOf } = page
    const continuation = continuationAfter({ ...query, asOf }, page)
    if (!continuation) break
    const read = readCursor(signCursor(continuation, "bound", key), "bound", key)
    page = await store.search(scope, continueQuery(query, read), { limit, after: read.position })
    expect(page.asOf).toBe(asOf)
    pages.push(page)
  }
  return pages
}

async function streamed(
  store: EventStore,
  scope: Scope,
  query: AuditQuery,
  signal: AbortSignal = new AbortController().signal,
): Promise<readonly AuditEvent[]> {
  const events: AuditEvent[] = []
  for await (const batch of store.stream(scope, query, signal)) events.push(...batch)
  return events
}
