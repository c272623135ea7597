import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, it } from "vitest"
import type { Scope, TimeSelection } from "@/lib/audit/query/selection"
import { addMicroseconds } from "@/lib/audit/time/instant"
import { instant, prepareTestEvent } from "@/test/events"
import { valuesOf } from "@/test/query-values"
import { expectedEvents } from "./expected.contract"
import { everything, type Given, idsOf, scopeOf } from "./given.contract"
import { type MadeUpOrganization, madeUpSelection, pickFrom } from "./made-up-log.contract"

/** Pages by their numbers. */
export function positionsContract(given: Given): void {
  /** The page after so many events, or how the search for its beginning ended. */
  const pageAfter = async (scope: Scope, selection: TimeSelection, skip: number, limit: number) => {
    const at = await given.test.store.positionAt(scope, selection, skip)
    if (at.kind !== "found") return at.kind
    const fixed = { ...selection, asOf: at.asOf }
    return idsOf((await given.test.store.search(scope, fixed, { limit, after: at.position })).events)
  }

  describe("a position", () => {
    it("after so many events begins the page that follows them, whatever is asked, in both orders", async () => {
      const pick = pickFrom(31)
      const scopes: readonly Scope[] = [
        given.scope,
        { ...given.scope, appIds: [given.organization.builtInAppId] },
        { ...given.scope, actorId: "ada" },
      ]
      let found = 0
      for (let time = 0; time < 60; time += 1) {
        const scope = pick(scopes)
        const order = pick(["newest", "oldest"] as const)
        const asOf = pick([null, null, 17, 300, 420])
        const selection = { ...madeUpSelection(given.organization, pick), order, asOf }
        const expected = idsOf(expectedEvents(given.log, scope, selection))
        for (const skip of [1, 2, Math.max(1, expected.length), expected.length + 1, 999]) {
          const said = JSON.stringify([scope, selection, skip])
          const page = await pageAfter(scope, selection, skip, 9)
          if (skip > expected.length) expect(page, said).toBe("beyond")
          else expect(page, said).toEqual(expected.slice(skip, skip + 9))
          found += Array.isArray(page) ? page.length : 0
        }
      }
      expect(found).toBeGreaterThan(200)
    })

    it("is that of an event, with its number, and tells the size of the log", async () => {
      const expected = expectedEvents(given.log, given.scope, everything)
      const { occurredAt, id, index } = expected[99] ?? {}
      const selection = { ...everything, order: "newest" as const }
      expect(await given.test.store.positionAt(given.scope, selection, 100)).toEqual({
        ...{ kind: "found", asOf: 420 },
        position: { occurredAt, id, index },
      })
      expect(await given.test.store.positionAt(given.scope, selection, 420)).toMatchObject({ kind: "found" })
      expect(await given.test.store.positionAt(given.scope, selection, 421)).toEqual({
        kind: "beyond",
        asOf: 420,
      })
    })

    it("of a log that grew since counts what was there, before and behind what came", async () => {
      const growing = await given.test.organization()
      const at = (minute: number) =>
        addMicroseconds(instant("2026-11-01T00:00:00.000000Z"), minute * 60_000_000)
      const add = async (minutes: readonly number[]) => {
        const events = minutes.map(minute =>
          prepareTestEvent(growing, { id: randomUUID(), occurredAt: at(minute), operationCode: 400 }),
        )
        await given.test.append(growing.id, events)
        return events.map(event => event.content.id)
      }
      const before = await add([10, 20, 30, 40, 50, 60])
      await add([5, 15, 25, 35, 45, 55, 65, 65, 65])
      const scope = scopeOf(growing)
      for (const include of [{}, valuesOf({ code: ["400"] }), valuesOf({ status: ["success"] })]) {
        for (const order of ["newest", "oldest"] as const) {
          const selection = { ...everything, include, order, asOf: 6 }
          const expected = order === "oldest" ? before : [...before].reverse()
          for (const skip of [1, 2, 5]) {
            expect(await pageAfter(scope, selection, skip, 9)).toEqual(expected.slice(skip))
          }
          expect(await pageAfter(scope, selection, 7, 9)).toBe("beyond")
        }
      }
    })

    it("of another organization is none of this one's", async () => {
      const other = scopeOf(await given.test.organization())
      const selection = { ...everything, order: "newest" as const }
      expect(await given.test.store.positionAt(other, selection, 1)).toEqual({ kind: "beyond", asOf: 0 })
    })
  })

  describe("a position that no index leads to", () => {
    let large: MadeUpOrganization
    const beyond = 200

    beforeAll(async () => {
      large = await given.test.organization()
      // The wanted ones are at both ends, with more events between them than a look reads.
      const count = given.test.stepEvents + beyond
      const events = Array.from({ length: count }, (_, at) =>
        prepareTestEvent(large, {
          id: randomUUID(),
          occurredAt: addMicroseconds(instant("2026-10-01T00:00:00.000000Z"), at),
          status: at < 20 || at >= count - 20 ? "success" : "failure",
          targets: [],
          description: "x",
        }),
      )
      for (let at = 0; at < count; at += 1_000)
        await given.test.append(large.id, events.slice(at, at + 1_000))
    })

    it.each(["newest", "oldest"] as const)(
      "is found within the bound, %s first, and beyond it said to be unknown, never called the end",
      async order => {
        const selection = { ...everything, order, include: valuesOf({ status: ["success"] }) }
        const kindAt = async (skip: number) =>
          (await given.test.store.positionAt(scopeOf(large), selection, skip)).kind
        expect(await kindAt(20)).toBe("found")
        expect(await kindAt(21)).toBe("stopped")
      },
    )
  })
}
