import { describe, expect, it } from "vitest"
import type { AuditEvent } from "@/lib/audit/event/event"
import { fieldNames } from "@/lib/audit/query/fields"
import { instant, prepareTestEvent } from "@/test/events"
import { type SpelledValues, valuesOf } from "@/test/query-values"
import { matcher, matches } from "./matches"
import type { Selection } from "./selection"

const app = { id: "6ba7b810-9dad-11d1-80b4-00c04fd430c8", appId: "6ba7b811-9dad-11d1-80b4-00c04fd430c8" }
const everything: Selection = {
  window: { from: instant("1970-01-01T00:00:00.000000Z"), before: instant("2200-01-01T00:00:00.000000Z") },
  ...{ include: {}, exclude: {}, text: null, order: "recorded", asOf: null },
}

function recorded(members: Partial<AuditEvent> = {}): AuditEvent {
  const { content } = prepareTestEvent(app)
  const occurredAt = instant("2026-11-20T10:11:12.345678Z")
  return { ...content, occurredAt, receivedAt: occurredAt, index: 7, leafHash: "x".repeat(43), ...members }
}

const from = (ip: string | null) => recorded({ source: { ip, ipText: ip ?? "console" } })

// The stores' own suite compares this with PostgreSQL (lib/stores/contract/filters.contract.ts).
describe("a query in memory", () => {
  const cases: readonly [SpelledValues, AuditEvent, AuditEvent][] = [
    [{ app: [app.appId] }, recorded(), recorded({ appId: app.id })],
    [
      { operation: ["workflow.*"] },
      recorded({ operation: "workflow.a" }),
      recorded({ operation: "workflows.a" }),
    ],
    [{ operation: ["*.delete"] }, recorded({ operation: "a.delete" }), recorded({ operation: "a.undelete" })],
    [{ code: ["400", "4711"] }, recorded({ operationCode: 4_711 }), recorded({ operationCode: undefined })],
    [{ code: ["0"] }, recorded({ operationCode: undefined }), recorded({ operationCode: 400 })],
    [{ code: ["0"] }, recorded({ operationCode: 0 }), recorded()],
    [{ status: ["denied", "failure"] }, recorded({ status: "denied" }), recorded()],
    [{ actor: ["ada"] }, recorded(), recorded({ actor: { type: "user", id: "Ada" } })],
    [{ target: ["workflow:invoices"] }, recorded(), recorded({ targets: [{ type: "app", id: "invoices" }] })],
    [{ ip: ["192.0.2.0/24"] }, from("192.0.2.255"), from("192.0.3.0")],
    [{ ip: ["::/0"] }, from("2001:db8::1"), from("192.0.2.7")],
    [{ ip: ["0.0.0.0/0"] }, from("192.0.2.7"), from("::1")],
    [{ ip: ["2001:db8::/33"] }, from("2001:db8:7fff:ffff::1"), from("2001:db8:8000::")],
    [{ ip: ["192.0.2.7"] }, from("192.0.2.7"), from(null)],
    [{ request: ["request-1"] }, recorded(), recorded({ requestId: "REQUEST-1" })],
  ]

  it.each(cases)(
    "by %j means what has the value, and excludes it on the other side",
    (spelled, having, other) => {
      const values = valuesOf(spelled)
      expect([having, other].map(event => matches({ ...everything, include: values }, event))).toEqual([
        true,
        false,
      ])
      expect([having, other].map(event => matches({ ...everything, exclude: values }, event))).toEqual([
        false,
        true,
      ])
    },
  )

  it("of every field is tried above", () => {
    expect(new Set(cases.flatMap(([spelled]) => Object.keys(spelled)))).toEqual(new Set(fieldNames))
  })

  it("means any of several values, and all of several fields", () => {
    const include = valuesOf({ actor: ["bob", "ada"], status: ["success"] })
    const means = matcher({ ...everything, include })
    expect(means(recorded())).toBe(true)
    expect(means(recorded({ status: "denied" }))).toBe(false)
  })

  it("by text finds every spelling, and not what is no part of the searched text", () => {
    const event = recorded({ description: "GROSSE Straße", metadata: { note: "hidden" } })
    for (const text of ["große STRASSE", "ada love", "192.0.2"])
      expect(matches({ ...everything, text }, event)).toBe(true)
    expect(matches({ ...everything, text: "hidden" }, event)).toBe(false)
  })

  it("includes the first moment of its time range and not its last, and nothing beyond the size of the log", () => {
    const { occurredAt } = recorded()
    const next = instant("2026-11-20T10:11:12.345679Z")
    const within = (window: Selection["window"]) => matches({ ...everything, window }, recorded())
    expect(within({ from: occurredAt, before: next })).toBe(true)
    expect(within({ from: everything.window.from, before: occurredAt })).toBe(false)
    expect([8, 7].map(asOf => matches({ ...everything, asOf }, recorded()))).toEqual([true, false])
  })
})
