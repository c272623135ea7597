import { randomUUID } from "node:crypto"
import { describe, expect, it } from "vitest"
import type { AuditEvent } from "@/lib/audit/event/event"
import { suggestedFields } from "@/lib/audit/query/fields"
import type { Scope, Selection } from "@/lib/audit/query/selection"
import type { ChoiceField } from "@/lib/audit/store"
import { addMicroseconds } from "@/lib/audit/time/instant"
import { foundOf, instant, prepareTestEvent } from "@/test/events"
import { valuesOf } from "@/test/query-values"
import { expectedEvents } from "./expected.contract"
import { everyPage, everything, type Given, scopeOf, streamed } from "./given.contract"
import { madeUpWindow } from "./made-up-log.contract"

/** One event by its id, and the values of events. */
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
      const found = foundOf(await given.test.store.find(scopeOf(own), first?.content.id ?? ""))
      expect(found?.event).toMatchObject({ ...first?.content, index: 0 })
      expect(found?.event.leafHash).toMatch(/^[A-Za-z0-9_-]{43}$/)
      expect(found && Buffer.from(found.raw ?? [])).toEqual(Buffer.from(raw))
      const other = foundOf(await given.test.store.find(scopeOf(own), second?.content.id ?? ""))
      expect(other).toMatchObject({ raw: null, event: { ...second?.content, index: 1 } })
      const events = [found?.event, other?.event].filter(event => event !== undefined)
      const raws = await given.test.store.findRaw(scopeOf(own), events)
      expect([...raws].map(([id, bytes]) => [id, [...bytes]])).toEqual([[prepared.content.id, [...raw]]])
    })

    it("is the same on a page, in the stream and alone", async () => {
      const [event] = given.log
      const found = foundOf(await given.test.store.find(given.scope, event?.id ?? ""))
      expect(found?.event).toEqual(event)
      const [first] = await streamed(given.test.store, given.scope, { ...everything, order: "recorded" })
      expect(first).toEqual(event)
    })

    it("unknown, outside the Scope or not even an id is not there", async () => {
      const event = given.log.find(one => one.appId === given.organization.appId && one.actor.id === "ada")
      const id = event?.id ?? ""
      expect(foundOf(await given.test.store.find(given.scope, randomUUID()))).toBeNull()
      expect(foundOf(await given.test.store.find(given.scope, "1"))).toBeNull()
      expect(foundOf(await given.test.store.find(given.scope, "' OR true --"))).toBeNull()
      expect(
        foundOf(
          await given.test.store.find({ ...given.scope, appIds: [given.organization.builtInAppId] }, id),
        ),
      ).toBeNull()
      expect(foundOf(await given.test.store.find({ ...given.scope, appIds: [] }, id))).toBeNull()
      expect(foundOf(await given.test.store.find({ ...given.scope, actorId: "bob" }, id))).toBeNull()
      expect(
        foundOf(
          await given.test.store.find(
            { ...given.scope, appIds: [given.organization.appId], actorId: "ada" },
            id,
          ),
        ),
      ).not.toBeNull()
    })

    it("that has expired is told only to a Scope that covers its app, and never to a reader of their own actions", async () => {
      const own = await given.test.organization()
      const [gone, kept] = ["ada", "ada"].map(actor =>
        prepareTestEvent(own, { id: randomUUID(), actor: { type: "user", id: actor } }),
      )
      if (!gone || !kept) throw new Error("There are two events.")
      await given.test.append(own.id, [gone, kept])
      await given.test.expire(own.id, [gone.content.id])
      const kindOf = async (scope: Partial<Scope>, id: string) =>
        (await given.test.store.find({ ...scopeOf(own), ...scope }, id)).kind
      const covering: Partial<Scope>[] = [
        {},
        { appIds: [own.appId] },
        { appIds: [own.builtInAppId, own.appId] },
      ]
      for (const scope of covering) {
        expect(await kindOf(scope, gone.content.id), JSON.stringify(scope)).toBe("expired")
        expect(await kindOf(scope, kept.content.id), JSON.stringify(scope)).toBe("found")
      }
      const other = await given.test.organization()
      const others: Partial<Scope>[] = [
        { appIds: [own.builtInAppId] },
        { appIds: [] },
        { actorId: "ada" },
        { appIds: [own.appId], actorId: "ada" },
        { actorId: "bob" },
        { organizationId: other.id },
      ]
      for (const scope of others) {
        expect(await kindOf(scope, gone.content.id), JSON.stringify(scope)).toBe("unknown")
      }
      expect(await kindOf({}, randomUUID())).toBe("unknown")
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
    const ask = (
      field: ChoiceField,
      typed: string,
      selection: Selection,
      { within = given.scope, limit = 200 } = {},
    ) => given.test.store.choices(within, { field, typed, selection, limit })
    const choose = async (
      field: ChoiceField,
      typed: string,
      { within = given.scope, limit = 200, window = madeUpWindow } = {},
    ) => (await ask(field, typed, { ...everything, window }, { within, limit })).choices
    const values = async (field: ChoiceField, typed: string) =>
      (await choose(field, typed)).map(choice => choice.value)
    const sorted = async (field: ChoiceField, typed: string) => (await values(field, typed)).sort()

    /** What a plain scan of the log gives: the values, the most recent first, and how often each occurs. */
    const expected = (events: readonly AuditEvent[], valuesOf: (event: AuditEvent) => readonly string[]) => {
      const counts = new Map<string, number>()
      for (const event of events) {
        for (const value of new Set(valuesOf(event))) counts.set(value, (counts.get(value) ?? 0) + 1)
      }
      return counts
    }
    const readers: Record<ChoiceField, (event: AuditEvent) => readonly string[]> = {
      operation: event => [event.operation],
      code: event => [String(event.operationCode ?? 0)],
      actor: event => [event.actor.id],
      target: event => event.targets.map(({ type, id }) => `${type}:${id}`),
      ip: event => (event.source?.ip ? [event.source.ip] : []),
    }

    it("are the values that occur, with the names that people know", async () => {
      expect(await sorted("operation", "")).toEqual([
        ...["Odd/Name", "api_key.create", "workflow.create", "workflow.delete", "workflow_version.create"],
      ])
      expect(await choose("actor", "")).toContainEqual(
        expect.objectContaining({ value: "ada", label: "Ada Lovelace" }),
      )
      expect(await choose("target", "")).toContainEqual(
        expect.objectContaining({ value: "workflow:a:b", label: "Name of a:b" }),
      )
    })

    it.each(suggestedFields)("of %s come newest first, each with how many events have it", async field => {
      const covered = expectedEvents(given.log, given.scope, everything)
      const counts = expected(covered, readers[field])
      const answer = await ask(field, "", everything)
      expect(answer).toMatchObject({ counted: covered.length, whole: true })
      expect(new Map(answer.choices.map(({ value, count }) => [value, count]))).toEqual(counts)
      const lastAt = (value: string) =>
        covered.find(event => readers[field](event).includes(value))?.occurredAt
      const times = answer.choices.map(({ value }) => lastAt(value) ?? "")
      expect(times).toEqual(times.toSorted().reverse())
    })

    it.each([
      ["a field", { include: valuesOf({ status: ["failure", "denied"] }) }],
      ["an exclusion", { exclude: valuesOf({ actor: ["ada"] }) }],
      ["codes, and events without one", { exclude: valuesOf({ code: ["0", "403"] }) }],
      ["no code", { include: valuesOf({ code: ["0"] }) }],
      ["a text", { text: "ada" }],
      [
        "a family and an app",
        { include: valuesOf({ operation: ["workflow.*"] }), exclude: valuesOf({ status: ["success"] }) },
      ],
    ] as const)("follow the other filters: %s", async (_, filters) => {
      const selection: Selection = { ...everything, ...filters }
      for (const field of suggestedFields) {
        // Conditions on the field itself are ignored: another value of it can still be chosen.
        const { [field]: _in, ...include } = selection.include
        const { [field]: _out, ...exclude } = selection.exclude
        const covered = expectedEvents(given.log, given.scope, { ...selection, include, exclude })
        const answer = await ask(field, "", selection)
        const found = new Map(answer.choices.map(({ value, count }) => [value, count]))
        expect(found, field).toEqual(expected(covered, readers[field]))
      }
    })

    it("hold the typed text in value or name, in capitals or not, as it stands", async () => {
      expect(await sorted("operation", "CREATE")).toEqual([
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
      expect(await sorted("actor", "%")).toEqual(["100%", "bob"])
      expect(await values("actor", "\\")).toEqual(["back\\slash"])
      expect(await sorted("target", "per%")).toEqual(["app:per%cent", "workflow:per%cent"])
      expect(await sorted("target", "app:t")).toEqual(["app:three", "app:two"])
      for (const field of suggestedFields) {
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
      for (const field of ["operation", "actor"] as const) {
        expect((await choose(field, "", { window: moment })).map(choice => choice.value).sort()).toEqual(
          [...new Set(then.flatMap(readers[field]))].sort(),
        )
      }
      const all = await values("operation", "")
      expect((await choose("operation", "", { limit: 2 })).map(choice => choice.value)).toEqual(
        all.slice(0, 2),
      )
      const own = { ...given.scope, actorId: "ada" }
      expect((await choose("actor", "", { within: own })).map(choice => choice.value)).toEqual(["ada"])
      expect(await choose("actor", "bob", { within: own })).toEqual([])
      expect(await choose("operation", "", { within: { ...given.scope, appIds: [] } })).toEqual([])
    })
  })
}
