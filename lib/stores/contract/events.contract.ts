import { randomUUID } from "node:crypto"
import { describe, expect, it } from "vitest"
import { addMicroseconds } from "@/lib/audit/time/instant"
import { instant, prepareTestEvent } from "@/lib/testing/events"
import { expectedEvents } from "./expected.contract"
import { everyPage, everything, type Given, scopeOf, streamed } from "./given.contract"
import { madeUpWindow } from "./made-up-log.contract"

/** One event by its id, and the values that events have. */
export function eventsContract(given: Given): void {
  describe("one event", () => {
    it("is found as it was recorded, with its number, its seal and its original bytes", async () => {
      const raw = new Uint8Array([0, 255, 10, 13, 34])
      const occurredAt = instant("1970-01-01T00:00:00.000001Z")
      const prepared = prepareTestEvent(
        given.organization,
        { id: randomUUID(), occurredAt, rawFormat: "test" },
        raw,
      )
      const plain = prepareTestEvent(given.organization, {
        id: randomUUID(),
        metadata: { a: [1, { b: "\u2028" }] },
      })
      const own = await given.test.organization()
      const ours = [prepared, plain].map(event => ({
        ...event,
        content: { ...event.content, organizationId: own.id },
      }))
      await given.test.append(own.id, ours)
      const [first, second] = ours
      const found = await given.test.store.find(scopeOf(own), first?.content.id ?? "")
      expect(found?.event).toMatchObject({ ...first?.content, index: 0 })
      expect(found?.event.leafHash).toMatch(/^[A-Za-z0-9_-]{43}$/)
      expect(found && Buffer.from(found.raw ?? [])).toEqual(Buffer.from(raw))
      const other = await given.test.store.find(scopeOf(own), second?.content.id ?? "")
      expect(other).toMatchObject({ raw: null, event: { ...second?.content, index: 1 } })
      const events = [found?.event, other?.event].filter(event => event !== undefined)
      const raws = await given.test.store.findRaw(scopeOf(own), events)
      expect([...raws].map(([id, bytes]) => [id, [...bytes]])).toEqual([[prepared.content.id, [...raw]]])
    })

    it("is the same on a page, in the stream and alone", async () => {
      const [event] = given.log
      const found = await given.test.store.find(given.scope, event?.id ?? "")
      expect(found?.event).toEqual(event)
      const [first] = await streamed(given.test.store, given.scope, { ...everything, order: "recorded" })
      expect(first).toEqual(event)
    })

    it("unknown, outside the Scope or not even an id is not there", async () => {
      const event = given.log.find(one => one.appId === given.organization.appId && one.actor.id === "ada")
      const id = event?.id ?? ""
      expect(await given.test.store.find(given.scope, randomUUID())).toBeNull()
      expect(await given.test.store.find(given.scope, "1")).toBeNull()
      expect(await given.test.store.find(given.scope, "' OR true --")).toBeNull()
      expect(
        await given.test.store.find({ ...given.scope, appIds: [given.organization.builtInAppId] }, id),
      ).toBeNull()
      expect(await given.test.store.find({ ...given.scope, appIds: [] }, id)).toBeNull()
      expect(await given.test.store.find({ ...given.scope, actorId: "bob" }, id)).toBeNull()
      expect(
        await given.test.store.find(
          { ...given.scope, appIds: [given.organization.appId], actorId: "ada" },
          id,
        ),
      ).not.toBeNull()
    })

    it("keeps its original bytes from a Scope that does not cover it", async () => {
      const own = await given.test.organization()
      await given.test.append(own.id, [prepareTestEvent(own, { id: randomUUID() }, new Uint8Array([1]))])
      const events = await everyPage(given.test.store, scopeOf(own), everything, 9)
      expect((await given.test.store.findRaw(scopeOf(own), events)).size).toBe(1)
      expect(
        (await given.test.store.findRaw({ ...scopeOf(own), appIds: [own.builtInAppId] }, events)).size,
      ).toBe(0)
      expect((await given.test.store.findRaw({ ...scopeOf(own), actorId: "bob" }, events)).size).toBe(0)
      expect((await given.test.store.findRaw(scopeOf(own), [])).size).toBe(0)
    })
  })

  describe("choices", () => {
    const choose = async (
      field: "operation" | "actor" | "target",
      typed: string,
      { within = given.scope, limit = 200, window = madeUpWindow } = {},
    ) => given.test.store.choices(within, { field, typed, window, limit })

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
      const event = given.log.find(one => one.targets.length > 0)
      if (!event) throw new Error("some event has a target")
      const moment = { from: event.occurredAt, before: addMicroseconds(event.occurredAt, 1) }
      const then = expectedEvents(given.log, given.scope, { ...everything, window: moment })
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
      const own = { ...given.scope, actorId: "ada" }
      expect((await choose("actor", "", { within: own })).map(choice => choice.value)).toEqual(["ada"])
      expect(await choose("actor", "bob", { within: own })).toEqual([])
      expect(await choose("operation", "", { within: { ...given.scope, appIds: [] } })).toEqual([])
    })
  })
}
