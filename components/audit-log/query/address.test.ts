import { expect, it } from "vitest"
import { plainQuery, withValue } from "@/lib/audit/query/query"
import { equalTo } from "@/lib/audit/query/value"
import {
  addressKey,
  dataAddress,
  eventAddress,
  logPath,
  queryAddress,
  splitSearch,
  withOpenEvent,
} from "./address"

const query = withValue(plainQuery, "status", equalTo("failure"), "exclude")

it("a plain query has the plain address", () => {
  expect(queryAddress("acme", plainQuery)).toBe("/acme/admin/audit-logs")
})

it("the open event travels beside the query and is no part of it", () => {
  const address = queryAddress("acme", query, "0196a000")
  expect(address).toBe("/acme/admin/audit-logs?-status=failure&event=0196a000")
  const { parameters, openEvent } = splitSearch(new URL(address, "http://x").searchParams)
  expect(parameters).toEqual([["-status", "failure"]])
  expect(openEvent).toBe("0196a000")
  expect(withOpenEvent(new URLSearchParams("event=a&text=b"), null).toString()).toBe("text=b")
})

it("what trackers append is no part of a query, in any case of its letters, and nothing else is dropped", () => {
  const search =
    "utm_source=mail&UTM_Campaign=x&fbclid=1&gclid=2&_ga=3&text=gclid&status=failure&utmost=1&event=e"
  expect(addressKey(new URLSearchParams(search))).toBe("text=gclid&status=failure&utmost=1")
  expect(splitSearch(new URLSearchParams(search)).openEvent).toBe("e")
})

it("two spellings of the same parameters are one key", () => {
  expect(addressKey(new URLSearchParams("text=a%20b&zone=Europe/Berlin"))).toBe(
    addressKey(new URLSearchParams("text=a+b&zone=Europe%2FBerlin")),
  )
})

it("an event's own page keeps the zone", () => {
  expect(eventAddress("acme", "0196a000", "UTC")).toBe("/acme/admin/audit-logs/0196a000")
  expect(eventAddress("acme", "0196a000", "Europe/Berlin")).toBe(
    "/acme/admin/audit-logs/0196a000?zone=Europe%2FBerlin",
  )
})

it("a data route gets the query and its own parameters", () => {
  expect(dataAddress("acme", "export", query, { format: "csv" })).toBe(
    "/acme/admin/audit-logs/export?-status=failure&format=csv",
  )
})

it("a slug cannot leave its place in the path", () => {
  expect(logPath("a/../b")).toBe("/a%2F..%2Fb/admin/audit-logs")
})
