import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, it } from "vitest"
import { addMicroseconds } from "@/lib/audit/time/instant"
import { foundOf, instant, prepareTestEvent } from "@/test/events"
import { valuesOf } from "@/test/query-values"
import { everything, type Given, idsOf, pagesOf, scopeOf, streamed } from "./given.contract"
import type { MadeUpOrganization } from "./made-up-log.contract"

/** Large results, and reading no more than requested. */
export function boundsContract(given: Given): void {
  describe("a count", () => {
    it("stops at its limit and says so, and is exact up to it", async () => {
      expect(await given.test.store.count(given.scope, everything, 419)).toEqual({ count: 419, exact: false })
      expect(await given.test.store.count(given.scope, everything, 420)).toEqual({ count: 420, exact: true })
      expect(await given.test.store.count(given.scope, everything, 421)).toEqual({ count: 420, exact: true })
    })

    it("of what no index leads to may stop earlier, and then says so", async () => {
      const selection = { ...everything, include: valuesOf({ request: ["request-"] }) }
      expect(await given.test.store.count(given.scope, selection, 1_000)).toEqual({ count: 0, exact: true })
      const counted = await given.test.store.count(given.scope, selection, 10)
      expect(counted.count).toBe(0)
    })
  })

  describe("the stream", () => {
    it("stops with the reason when it is aborted, and can be begun again", async () => {
      const abort = new AbortController()
      const reading = async () => {
        for await (const batch of given.test.store.stream(given.scope, everything, abort.signal)) {
          expect(batch.length).toBeGreaterThan(0)
          abort.abort(new Error("enough"))
        }
      }
      await expect(reading()).rejects.toThrow("enough")
      await expect(
        streamed(given.test.store, given.scope, everything, AbortSignal.abort(new Error("never"))),
      ).rejects.toThrow("never")
      expect(await streamed(given.test.store, given.scope, everything)).toHaveLength(given.log.length)
    })

    it("gives its connection back when the reader leaves", async () => {
      for (let time = 0; time < 15; time += 1) {
        for await (const batch of given.test.store.stream(
          given.scope,
          everything,
          new AbortController().signal,
        )) {
          if (batch.length > 0) break
        }
      }
      expect(await given.test.store.count(given.scope, everything, 1_000)).toEqual({
        count: 420,
        exact: true,
      })
    })
  })

  describe("a look at one event after another", () => {
    let large: MadeUpOrganization
    let wanted: readonly string[]
    /** More events than a step. */
    const beyond = 500
    /** Two events share each minute. */
    const momentOf = (at: number) =>
      addMicroseconds(instant("2026-10-01T00:00:00.000000Z"), Math.floor(at / 2) * 60_000_000)

    beforeAll(async () => {
      large = await given.test.organization()
      const count = given.test.stepEvents + beyond
      // At both ends, and around the end of a step, counted from either end.
      const ends = [beyond, given.test.stepEvents].flatMap(at => [at - 1, at, at + 1])
      const rare = new Set([0, 1, ...ends, count - 1])
      const events = Array.from({ length: count }, (_, at) =>
        prepareTestEvent(large, {
          id: randomUUID(),
          occurredAt: momentOf(at),
          requestId: rare.has(at) ? "rare" : "common",
          description: "x",
          targets: [],
        }),
      )
      wanted = events.filter(event => event.content.requestId === "rare").map(event => event.content.id)
      for (let at = 0; at < count; at += 1_000)
        await given.test.append(large.id, events.slice(at, at + 1_000))
    })

    it.each(["newest", "oldest", "recorded"] as const)(
      "stops after a step, says how far it came, and on going on finds each event once, %s first",
      async order => {
        const selection = { ...everything, order, include: valuesOf({ request: ["rare"] }) }
        const pages = await pagesOf(given.test.store, scopeOf(large), selection, 50)
        const stops = pages.flatMap(page => page.searchedBackTo ?? [])
        expect(stops).toHaveLength(1)
        expect(pages.find(page => page.searchedBackTo)?.next).not.toBeNull()
        // A page that a step fills does not stop early.
        const small = await pagesOf(given.test.store, scopeOf(large), selection, 4)
        for (const found of [pages, small]) {
          const ids = idsOf(found.flatMap(page => page.events))
          expect([...ids].sort()).toEqual([...wanted].sort())
        }
      },
    )

    it("that stops, stops at nothing that the reader does not see", async () => {
      const selection = { ...everything, order: "recorded" as const }
      const nothing = { ...scopeOf(large), appIds: [randomUUID()] }
      const page = await given.test.store.search(nothing, selection, { limit: 50, after: null })
      expect(page.events).toEqual([])
      expect(page.searchedBackTo).toBe(selection.window.from)
      expect(foundOf(await given.test.store.find(scopeOf(large), page.next?.id ?? "none"))).toBeNull()
      expect(page.next).toMatchObject({ occurredAt: selection.window.from, index: given.test.stepEvents - 1 })
    })

    it("that ends where a step ends is whole, and one that has a single event more is not", async () => {
      const rare = { include: valuesOf({ request: ["rare"] }) }
      const { stepEvents } = given.test
      for (const [asOf, steps] of [
        [stepEvents, 1],
        [stepEvents + 1, 2],
      ]) {
        const selection = { ...everything, ...rare, order: "recorded" as const, asOf: asOf ?? null }
        const pages = await pagesOf(given.test.store, scopeOf(large), selection, 50)
        expect(pages).toHaveLength(steps ?? 0)
        const all = await streamed(given.test.store, scopeOf(large), selection)
        expect(idsOf(pages.flatMap(page => page.events))).toEqual(idsOf(all))
      }
      const whole = { from: momentOf(beyond), before: momentOf(beyond + stepEvents) }
      const more = { ...whole, from: momentOf(beyond - 1) }
      for (const order of ["newest", "oldest"] as const) {
        const ask = (window: typeof whole) =>
          given.test.store.search(
            scopeOf(large),
            { ...everything, ...rare, order, window },
            { limit: 50, after: null },
          )
        expect(await ask(whole)).toMatchObject({ next: null, searchedBackTo: null })
        expect((await ask(more)).searchedBackTo).not.toBeNull()
      }
    })

    it("streams and counts the same events without a stop", async () => {
      const selection = { ...everything, include: valuesOf({ request: ["rare"] }) }
      expect(idsOf(await streamed(given.test.store, scopeOf(large), selection)).sort()).toEqual(
        [...wanted].sort(),
      )
      const counted = await given.test.store.count(scopeOf(large), selection, 10_000)
      expect(counted).toEqual({ count: wanted.length, exact: true })
      // The limit is so small that the search ends before the log does.
      expect(await given.test.store.count(scopeOf(large), selection, 100)).toMatchObject({ exact: false })
    })

    it("takes a page that it can fill from where it stands, without a stop", async () => {
      const selection = { ...everything, exclude: valuesOf({ request: ["rare"] }) }
      const page = await given.test.store.search(scopeOf(large), selection, { limit: 50, after: null })
      expect(page.events).toHaveLength(50)
      expect(page.searchedBackTo).toBeNull()
    })
  })
}
