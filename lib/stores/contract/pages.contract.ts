import { randomUUID } from "node:crypto"
import { describe, expect, it } from "vitest"
import { type Continuation, continuationAfter, continueSelection } from "@/lib/audit/query/cursor"
import type { Selection } from "@/lib/audit/query/selection"
import type { StorePage } from "@/lib/audit/store"
import { addMicroseconds, type Instant } from "@/lib/audit/time/instant"
import { instant, prepareTestEvent } from "@/test/events"
import { valuesOf } from "@/test/query-values"
import { expectedEvents } from "./expected.contract"
import { everyPage, everything, type Given, idsOf, scopeOf, streamed } from "./given.contract"
import { madeUpSelection, pickFrom } from "./made-up-log.contract"

/** The order and the completeness of pages, whatever arrives meanwhile. */
export function pagesContract(given: Given): void {
  describe("pages", () => {
    it("hold every event once, numbered without a gap, in the order of recording", () => {
      expect(given.log.map(event => event.index)).toEqual(given.log.map((_, at) => at))
      expect(given.log).toHaveLength(420)
    })

    it.each(["newest", "oldest", "recorded"] as const)(
      "of any size give the same events, %s first",
      async order => {
        const expected = idsOf(expectedEvents(given.log, given.scope, { ...everything, order }))
        for (const limit of [7, 100]) {
          expect(
            idsOf(await everyPage(given.test.store, given.scope, { ...everything, order }, limit)),
          ).toEqual(expected)
        }
      },
    )

    it("lose and repeat nothing where events that share their moment meet a page's end", async () => {
      const shared = await given.test.organization()
      const occurredAt = instant("2026-11-01T00:00:00.000000Z")
      const ids = Array.from({ length: 30 }, () => randomUUID())
      await given.test.append(
        shared.id,
        ids.map(id => prepareTestEvent(shared, { id, occurredAt })),
      )
      for (const order of ["newest", "oldest"] as const) {
        for (const limit of [1, 4, 29, 30, 31]) {
          const found = idsOf(
            await everyPage(given.test.store, scopeOf(shared), { ...everything, order }, limit),
          )
          expect(found).toEqual(order === "newest" ? [...ids].sort().reverse() : [...ids].sort())
        }
      }
    })

    it("end exactly: a full last page is not followed by an empty one", async () => {
      const page = await given.test.store.search(given.scope, everything, { limit: 420, after: null })
      expect(page).toMatchObject({ next: null, searchedBackTo: null, asOf: 420 })
      expect(page.events).toHaveLength(420)
      const shorter = await given.test.store.search(given.scope, everything, { limit: 419, after: null })
      expect(shorter.next).toMatchObject({ id: shorter.events.at(-1)?.id })
    })

    it("keep microseconds apart, and an end of the window out", async () => {
      const precise = await given.test.organization()
      const first = instant("2026-11-01T00:00:00.449860Z")
      const moments = [0, 1, 2].map(microseconds => addMicroseconds(first, microseconds))
      await given.test.append(
        precise.id,
        moments.map(occurredAt => prepareTestEvent(precise, { id: randomUUID(), occurredAt })),
      )
      const at = async (from: Instant, before: Instant) => {
        const selection = { ...everything, order: "oldest" as const, window: { from, before } }
        const page = await given.test.store.search(scopeOf(precise), selection, { limit: 9, after: null })
        return page.events.map(event => event.occurredAt)
      }
      const [a, b, c] = moments as [Instant, Instant, Instant]
      expect(await at(a, addMicroseconds(c, 1))).toEqual([a, b, c])
      expect(await at(a, b)).toEqual([a])
      expect(await at(b, c)).toEqual([b])
    })

    it("of a log without events are empty and tell its size", async () => {
      const empty = await given.test.organization()
      for (const order of ["newest", "oldest", "recorded"] as const) {
        const page = await given.test.store.search(
          scopeOf(empty),
          { ...everything, order },
          { limit: 9, after: null },
        )
        expect(page).toEqual({ events: [], next: null, searchedBackTo: null, asOf: 0 })
      }
    })
  })

  describe("asOf", () => {
    it("freezes an answer while events arrive before, between and after those read", async () => {
      const growing = await given.test.organization()
      const growingScope = scopeOf(growing)
      const day = (number: number) => instant(`2026-10-${String(number).padStart(2, "0")}T00:00:00.000000Z`)
      const append = (days: readonly number[]) =>
        given.test.append(
          growing.id,
          days.map(number => prepareTestEvent(growing, { id: randomUUID(), occurredAt: day(number) })),
        )
      await append([2, 4, 6, 8, 10, 12])
      for (const order of ["newest", "oldest"] as const) {
        const before = idsOf(await everyPage(given.test.store, growingScope, { ...everything, order }, 100))
        let page = await given.test.store.search(
          growingScope,
          { ...everything, order },
          { limit: 2, after: null },
        )
        const found = idsOf(page.events)
        while (page.next) {
          await append([1, 5, 7, 9, 13])
          const selection = { ...everything, order, asOf: page.asOf }
          page = await given.test.store.search(growingScope, selection, { limit: 2, after: page.next })
          found.push(...idsOf(page.events))
        }
        expect(found).toEqual(before)
      }
    })

    it("gives the answer of an earlier size of the log, whichever way it is asked", async () => {
      const pick = pickFrom(5)
      for (const asOf of [0, 1, 77, 419, 420]) {
        const selection = { ...madeUpSelection(given.organization, pick), include: {}, text: null, asOf }
        const expected = idsOf(expectedEvents(given.log, given.scope, selection))
        expect(idsOf(await everyPage(given.test.store, given.scope, selection, 50))).toEqual(expected)
        expect(idsOf(await streamed(given.test.store, given.scope, selection))).toEqual(expected)
        expect(await given.test.store.count(given.scope, selection, 1_000)).toEqual({
          count: expected.length,
          exact: true,
        })
      }
    })

    it("in recorded order lets a reader go on with what came later, from where the log ended", async () => {
      const growing = await given.test.organization()
      const selection = { ...everything, order: "recorded" as const, exclude: valuesOf({ actor: ["noise"] }) }
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
        await given.test.append(growing.id, [...events, noise])
        for (let page: StorePage | null = null; page === null || page.next; ) {
          const now: Selection = from ? continueSelection(selection, from) : selection
          page = await given.test.store.search(scopeOf(growing), now, {
            limit: 10,
            after: from?.position ?? null,
          })
          seen.push(...idsOf(page.events))
          from = continuationAfter(selection, page)
        }
      }
      expect(seen).toEqual(recorded)
    })
  })
}
