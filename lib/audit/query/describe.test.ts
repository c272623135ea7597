import { expect, it } from "vitest"
import { assertInstant } from "@/lib/audit/time/instant"
import { valuesOf } from "@/test/query-values"
import { resolveApps } from "./apps"
import { describeQuery } from "./describe"
import { parseQuery } from "./parse"
import { plainQuery } from "./query"

const now = assertInstant("2025-11-20T09:30:00.000000Z")
const apps = [
  { id: "1", slug: "pay", name: "Payments" },
  { id: "2", slug: "bill", name: "Billing" },
]

function ask(text: string) {
  return parseQuery(new URLSearchParams(text), { now })
}

it("a query that asks nothing in particular says its window and order", () => {
  expect(describeQuery(plainQuery, apps)).toEqual(["Last 30 days, in UTC", "Newest first"])
})

it("every part of a query is said in words", () => {
  const { query } = ask(
    "from=2025-06-01&to=2025-06-02T10:30&zone=Asia/Tokyo&exclude-today=1&app=pay&app=bill&app=gone&-actor=a&-actor=b" +
      "&status=denied&text=key&order=oldest&as-of=12345",
  )
  expect(describeQuery(query, apps)).toEqual([
    "From 2025-06-01 to 2025-06-02 10:30 without today, both included, in Asia/Tokyo",
    "App is Billing, gone, or Payments",
    "Status is denied",
    "Actor is none of a, b",
    "Text contains “key”",
    "As of the first 12,345 events recorded",
    "Oldest first",
  ])
})

it("apps of a query become ids, and one that is not there is a fault", () => {
  const parsed = ask("app=pay&-app=bill&actor=a")
  expect(parsed.ok && resolveApps(parsed.selection, apps, "parameters")).toMatchObject({
    ok: true,
    selection: { include: valuesOf({ app: ["1"], actor: ["a"] }), exclude: valuesOf({ app: ["2"] }) },
  })
  const unknown = ask("app=pay&app=gone&-app=lost")
  const faults = (form: "parameters" | "object") => {
    const resolved = unknown.ok && resolveApps(unknown.selection, apps, form)
    return resolved && !resolved.ok && resolved.faults.map(fault => fault.pointer)
  }
  expect(faults("parameters")).toEqual(["/app", "/-app"])
  expect(faults("object")).toEqual(["/include/app", "/exclude/app"])
})
