import { randomUUID } from "node:crypto"
import { describe, expect, it } from "vitest"
import { fieldNames, suggestedFields } from "@/lib/audit/query/fields"
import type { Scope } from "@/lib/audit/query/selection"
import { foundOf, prepareTestEvent } from "@/test/events"
import { type SpelledValues, valuesOf } from "@/test/query-values"
import { expectedEvents } from "./expected.contract"
import { everyPage, everything, type Given, idsOf, scopeOf, streamed } from "./given.contract"
import { madeUpSelection, pickFrom } from "./made-up-log.contract"

/** The results of a query, alone and within a Scope. */
export function filtersContract(given: Given): void {
  describe("filters", () => {
    const samples: [string, SpelledValues][] = [
      ["operation", { operation: ["workflow.create"] }],
      ["several operations", { operation: ["workflow.create", "Odd/Name"] }],
      ["a family", { operation: ["workflow.*"] }],
      ["a verb", { operation: ["*.delete"] }],
      ["a verb, a family and a name", { operation: ["*.delete", "api_key.*", "workflow_version.create"] }],
      ["a verb that holds what a pattern means", { operation: ["*.cre_te", "*.%", "*.delete"] }],
      ["a code", { code: ["400"] }],
      ["several codes", { code: ["403", "4711", "9"] }],
      ["no code", { code: ["0"] }],
      ["a code or none", { code: ["0", "2147483647"] }],
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
      ["IPv6 networks", { ip: ["2001:db8::/48", "192.0.2.128"] }],
      ["a request", { request: ["request-1"] }],
      ["several fields", { actor: ["ada", "bob"], status: ["success"], target: ["two"] }],
    ]

    it.each(samples)("by %s include what has the value, and exclude what has not", async (_, values) => {
      for (const side of ["include", "exclude"] as const) {
        const selection = { ...everything, [side]: valuesOf(values) }
        const expected = idsOf(expectedEvents(given.log, given.scope, selection))
        expect(expected.length).toBeGreaterThan(0)
        expect(expected.length).toBeLessThan(given.log.length)
        expect(idsOf(await everyPage(given.test.store, given.scope, selection, 50))).toEqual(expected)
      }
    })

    it("by app", async () => {
      for (const side of ["include", "exclude"] as const) {
        const selection = { ...everything, [side]: valuesOf({ app: [given.organization.builtInAppId] }) }
        const found = await everyPage(given.test.store, given.scope, selection, 50)
        expect(new Set(found.map(event => event.appId))).toEqual(
          new Set([side === "include" ? given.organization.builtInAppId : given.organization.appId]),
        )
        expect(idsOf(found)).toEqual(idsOf(expectedEvents(given.log, given.scope, selection)))
      }
    })

    it("that exclude keep events that have no value at all", async () => {
      const selection = {
        ...everything,
        exclude: valuesOf({ ip: ["0.0.0.0/0", "::/0"], request: ["request-1"], target: ["one"] }),
      }
      const found = await everyPage(given.test.store, given.scope, selection, 50)
      expect(found.some(event => event.source === undefined)).toBe(true)
      expect(found.some(event => event.source?.ip === null)).toBe(true)
      expect(found.some(event => event.requestId === undefined)).toBe(true)
      expect(idsOf(found)).toEqual(idsOf(expectedEvents(given.log, given.scope, selection)))
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
      const selection = { ...everything, text }
      const expected = idsOf(expectedEvents(given.log, given.scope, selection))
      expect(expected.length).toBeGreaterThan(0)
      expect(expected.length).toBeLessThan(given.log.length)
      expect(idsOf(await everyPage(given.test.store, given.scope, selection, 50))).toEqual(expected)
    })

    it.each(["'", '"', "';--", "$1", "%%%%", "{}", "request-1\nrequest-2", "\u{10FFFF}", "zzz"])(
      "by the text %j, which no event has, find nothing",
      async text => {
        expect(await everyPage(given.test.store, given.scope, { ...everything, text }, 50)).toEqual([])
      },
    )

    it("by a text meet every spelling of it: composed or not, in capitals or not, of any width", async () => {
      const own = await given.test.organization()
      const spellings: readonly (readonly string[])[] = [
        ["Zo\u00eb Dupont", "zoe\u0308 DUPONT", "ZO\u00cb", "\uff3a\uff4f\u00eb"],
        ["\u0130stanbul Bridge", "istanbul", "ISTANBUL", "I\u0307stanbul"],
        ["Große Straße", "GROSSE STRASSE", "große", "STRA\u1e9eE"],
        [
          "\u039f\u03b4\u03cc\u03c2 \u0391",
          "\u039f\u0394\u038c\u03a3",
          "\u03bf\u03b4\u03cc\u03c3",
          "\u03bf\u03b4\u03bf\u0301\u03c2",
        ],
        ["\ufb01ne o\ufb03ce", "FINE", "office"],
        ["50\uff05 \uff3f done", "50%", "% _ d"],
        ["\u1112\u1161\u11ab\u1100\u1173\u11af", "\ud55c\uae00"],
      ]
      const events = spellings.map(([name = ""]) =>
        prepareTestEvent(own, {
          id: randomUUID(),
          description: "x",
          targets: [{ type: "t", id: "t", name }],
        }),
      )
      await given.test.append(own.id, events)
      for (const [at, texts] of spellings.entries()) {
        for (const text of texts) {
          const selection = { ...everything, text }
          const found = idsOf(await everyPage(given.test.store, scopeOf(own), selection, 50))
          expect(found, JSON.stringify(text)).toEqual([events[at]?.content.id])
          expect(idsOf(await streamed(given.test.store, scopeOf(own), selection))).toEqual(found)
          expect(await given.test.store.count(scopeOf(own), selection, 9)).toEqual({ count: 1, exact: true })
          const request = { field: "target" as const, typed: text, selection: everything, limit: 9 }
          const { choices } = await given.test.store.choices(scopeOf(own), request)
          expect(choices.map(choice => choice.label)).toEqual([spellings[at]?.[0]])
        }
      }
    })

    it("in any combination, order and window mean what a plain reading of the log means, in pages, stream and count", async () => {
      const pick = pickFrom(11)
      let found = 0
      for (let time = 0; time < 100; time += 1) {
        const selection = madeUpSelection(given.organization, pick)
        const expected = idsOf(expectedEvents(given.log, given.scope, selection))
        found += expected.length
        const said = JSON.stringify(selection)
        expect(
          idsOf(await everyPage(given.test.store, given.scope, selection, pick([7, 40, 100]))),
          said,
        ).toEqual(expected)
        expect(idsOf(await streamed(given.test.store, given.scope, selection)), said).toEqual(expected)
        expect(await given.test.store.count(given.scope, selection, 1_000), said).toEqual({
          count: expected.length,
          exact: true,
        })
      }
      expect(found).toBeGreaterThan(1_000)
    })

    it("of every field can be asked", () => {
      const tried = new Set(samples.flatMap(([, values]) => Object.keys(values)))
      expect([...tried, "app"].sort()).toEqual([...fieldNames].sort())
    })
  })

  describe("the Scope", () => {
    it("narrows every query, and no query widens it", async () => {
      const pick = pickFrom(23)
      const scopes: readonly Scope[] = [
        { ...given.scope, appIds: [given.organization.builtInAppId] },
        { ...given.scope, appIds: [given.organization.appId, randomUUID()] },
        { ...given.scope, appIds: [] },
        { ...given.scope, actorId: "ada" },
        { ...given.scope, appIds: [given.organization.appId], actorId: "back\\slash" },
        { ...given.scope, actorId: "nobody" },
      ]
      for (const narrow of scopes) {
        const wide = {
          ...everything,
          include: valuesOf({ app: [given.organization.appId, given.organization.builtInAppId] }),
        }
        for (const selection of [
          everything,
          wide,
          ...Array.from({ length: 12 }, () => madeUpSelection(given.organization, pick)),
        ]) {
          const expected = idsOf(expectedEvents(given.log, narrow, selection))
          const said = JSON.stringify([narrow, selection])
          expect(idsOf(await everyPage(given.test.store, narrow, selection, 40)), said).toEqual(expected)
          expect(idsOf(await streamed(given.test.store, narrow, selection)), said).toEqual(expected)
          expect(await given.test.store.count(narrow, selection, 1_000), said).toEqual({
            count: expected.length,
            exact: true,
          })
        }
      }
    })

    it("covers the same events in list, stream, count and choices, one by one, and in what was sent with them", async () => {
      const { store } = given.test
      const { appId, builtInAppId } = given.organization
      const scopes: readonly Scope[] = [
        { ...given.scope, appIds: [appId] },
        { ...given.scope, appIds: [builtInAppId] },
        { ...given.scope, appIds: [] },
        { ...given.scope, actorId: "ada" },
        { ...given.scope, actorId: "100%" },
        { ...given.scope, appIds: [builtInAppId], actorId: "bob" },
        { ...given.scope, appIds: [], actorId: "bob" },
        { ...given.scope, actorId: "nobody" },
      ]
      // One in seven: enough of every app and actor.
      const some = given.log.filter((_, number) => number % 7 === 0)
      for (const narrow of scopes) {
        const said = JSON.stringify(narrow)
        const covered = expectedEvents(given.log, narrow, everything)
        const ids = idsOf(covered)
        expect(idsOf(await everyPage(store, narrow, everything, 90)), said).toEqual(ids)
        expect(idsOf(await streamed(store, narrow, everything)), said).toEqual(ids)
        expect(await store.count(narrow, everything, 1_000), said).toEqual({ count: ids.length, exact: true })
        for (const { id } of some) {
          const found = foundOf(await store.find(narrow, id))
          expect(found?.event.id ?? null, said).toBe(ids.includes(id) ? id : null)
        }
        const values = {
          operation: covered.map(event => event.operation),
          code: covered.map(event => String(event.operationCode ?? 0)),
          actor: covered.map(event => event.actor.id),
          target: covered.flatMap(event => event.targets.map(({ type, id }) => `${type}:${id}`)),
          ip: covered.flatMap(event => event.source?.ip ?? []),
        }
        for (const field of suggestedFields) {
          const request = { field, typed: "", selection: everything, limit: 200 }
          const { choices, counted } = await store.choices(narrow, request)
          expect(counted, said).toBe(covered.length)
          expect(choices.map(choice => choice.value).sort(), said).toEqual([...new Set(values[field])].sort())
          // Typed text finds nothing outside of the Scope either.
          for (const { value } of (await store.choices(given.scope, request)).choices) {
            const { choices: typed } = await store.choices(narrow, { ...request, typed: value })
            expect(values[field], said).toEqual(expect.arrayContaining(typed.map(choice => choice.value)))
          }
        }
      }
    })

    it("of another organization sees nothing of this one", async () => {
      const other = await given.test.organization()
      const foreign = scopeOf(other)
      const [event] = given.log
      if (!event) throw new Error("the log has events")
      const selection = { ...everything, include: valuesOf({ app: [event.appId] }) }
      expect(await everyPage(given.test.store, foreign, everything, 50)).toEqual([])
      expect(await everyPage(given.test.store, foreign, selection, 50)).toEqual([])
      expect(await streamed(given.test.store, foreign, everything)).toEqual([])
      expect(await given.test.store.count(foreign, everything, 10)).toEqual({ count: 0, exact: true })
      expect(foundOf(await given.test.store.find(foreign, event.id))).toBeNull()
      expect(await given.test.store.findRaw(foreign, given.log)).toEqual(new Map())
      for (const field of suggestedFields) {
        const request = { field, typed: "", selection: everything, limit: 9 }
        const none = { choices: [], counted: 0, whole: true }
        expect(await given.test.store.choices(foreign, request)).toEqual(none)
      }
    })
  })
}
