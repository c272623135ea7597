import { describe, expect, it } from "vitest"
import { type AuditQuery, plainQuery } from "@/lib/audit/query/query"
import { addMicroseconds, assertInstant } from "@/lib/audit/time/instant"
import { type QueryWindow, resolveWindow } from "@/lib/audit/time/window"
import { type Direction, shiftWindow } from "./shift"

const now = assertInstant("2026-03-31T12:00:00.000000Z")

function shift(window: QueryWindow, direction: Direction, zone = "UTC"): QueryWindow {
  const query: AuditQuery = { ...plainQuery, window, zone }
  const resolved = resolveWindow(window, { ...query, now })
  if (!resolved) throw new Error("the test asks for an empty window")
  return shiftWindow(query, resolved, direction)
}

describe("a shifted window touches the one before", () => {
  it("whole days stay whole days", () => {
    const week: QueryWindow = { kind: "range", from: "2026-03-01", to: "2026-03-07" }
    expect(shift(week, "earlier")).toEqual({ kind: "range", from: "2026-02-22", to: "2026-02-28" })
    expect(shift(week, "later")).toEqual({ kind: "range", from: "2026-03-08", to: "2026-03-14" })
  })

  it("even when a day among them has 23 hours", () => {
    const day: QueryWindow = { kind: "range", from: "2026-03-29", to: "2026-03-29" }
    expect(shift(day, "earlier", "Europe/Berlin")).toEqual({
      kind: "range",
      from: "2026-03-28",
      to: "2026-03-28",
    })
    expect(shift(day, "later", "Europe/Berlin")).toEqual({
      kind: "range",
      from: "2026-03-30",
      to: "2026-03-30",
    })
  })

  it("whole months stay whole months, however long they are", () => {
    expect(shift({ kind: "preset", preset: "this-month" }, "earlier")).toEqual({
      kind: "range",
      from: "2026-02-01",
      to: "2026-02-28",
    })
    expect(shift({ kind: "range", from: "2025-12", to: "2026-01" }, "later")).toEqual({
      kind: "range",
      from: "2026-02-01",
      to: "2026-03-31",
    })
  })

  it("today becomes yesterday, in the zone", () => {
    expect(shift({ kind: "preset", preset: "today" }, "earlier", "Pacific/Auckland")).toEqual({
      kind: "range",
      from: "2026-03-31",
      to: "2026-03-31",
    })
  })

  it("a span that ends now moves to the microsecond, without a gap and without an overlap", () => {
    const hour = shift({ kind: "preset", preset: "1h" }, "earlier")
    expect(hour).toEqual({
      kind: "range",
      from: "2026-03-31T09:59:59.999999Z",
      to: "2026-03-31T10:59:59.999999Z",
    })
    const context = { zone: "UTC", excludeToday: false, now }
    const first = resolveWindow({ kind: "preset", preset: "1h" }, context)
    expect(resolveWindow(hour, context)?.before).toBe(first?.from)
    // Moved back, it is the original hour again, without the minutes after now.
    const back = resolveWindow(shift(hour, "later"), context)
    expect(back).toEqual({ from: first?.from, before: addMicroseconds(now, 1) })
  })
})
