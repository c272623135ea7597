import { describe, expect, it } from "vitest"
import { type AuditQuery, plainQuery } from "@/lib/audit/query/query"
import { assertInstant } from "@/lib/audit/time/instant"
import { draftOf, readDraft } from "./window-draft"

const now = assertInstant("2026-03-31T12:00:00.000000Z")
const ask = (window: AuditQuery["window"], zone = "UTC"): AuditQuery => ({ ...plainQuery, window, zone })

describe("the typed ends of a window", () => {
  it("start from what was asked", () => {
    expect(draftOf(ask({ kind: "preset", preset: "7d" }), now)).toEqual({
      from: "2026-03-24",
      to: "2026-03-31",
    })
    expect(draftOf(ask({ kind: "preset", preset: "yesterday" }, "Pacific/Auckland"), now)).toEqual({
      from: "2026-03-31",
      to: "2026-03-31",
    })
    expect(draftOf(ask({ kind: "range", from: "2026-03-01T10:30", to: null }), now)).toEqual({
      from: "2026-03-01 10:30",
      to: "",
    })
    expect(draftOf(ask({ kind: "all" }), now)).toEqual({ from: "", to: "" })
  })

  it("show an instant as the clocks of the zone do, losing no microsecond of it", () => {
    const fixed = { kind: "range", from: "2026-03-29T00:59:59.999999Z", to: "2026-03-29T01:00:00Z" } as const
    expect(draftOf(ask(fixed, "Europe/Berlin"), now)).toEqual({
      from: "2026-03-29 01:59:59.999999",
      to: "2026-03-29 03:00:00.000000",
    })
  })

  it("become the window they mean", () => {
    const read = (from: string, to: string, excludeToday = false) =>
      readDraft({ from, to }, "UTC", excludeToday, now)
    expect(read(" 2026-03-01 ", "2026-03-07")).toEqual({
      window: { kind: "range", from: "2026-03-01", to: "2026-03-07" },
    })
    expect(read("2026-03-01", "")).toEqual({ window: { kind: "range", from: "2026-03-01", to: null } })
    expect(read("", "")).toEqual({ window: { kind: "all" } })
  })

  it("are refused in words beside the end that is wrong", () => {
    const faults = (from: string, to: string, excludeToday = false) => {
      const read = readDraft({ from, to }, "UTC", excludeToday, now)
      return "faults" in read ? read.faults.map(fault => `${fault.end}: ${fault.message}`) : []
    }
    expect(faults("last tuesday", "2026-02-30")).toEqual([
      "from: Write 2026-03-31 or 2026-03-31 14:05",
      "to: Write 2026-03-31 or 2026-03-31 14:05",
    ])
    expect(faults("2026-03-07", "2026-03-01")).toEqual(["to: Ends before it starts"])
    expect(faults("2027-01-01", "")).toEqual(["to: Now is before the start"])
    expect(faults("2026-03-31", "2026-03-31", true)).toEqual(["to: Without today nothing is left"])
    expect(faults("2026-03-31", "2026-03-31")).toEqual([])
  })
})
