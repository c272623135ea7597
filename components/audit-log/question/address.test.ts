import { expect, it } from "vitest"
import { plainQuestion, withValue } from "@/lib/audit/query/question"
import { equalTo } from "@/lib/audit/query/value"
import {
  addressKey,
  dataAddress,
  eventAddress,
  logPath,
  questionAddress,
  splitSearch,
  withOpenEvent,
} from "./address"

const question = withValue(plainQuestion, "status", equalTo("failure"), "exclude")

it("a plain question has the plain address", () => {
  expect(questionAddress("acme", plainQuestion)).toBe("/acme/admin/audit-logs")
})

it("the open event travels beside the question and is no part of it", () => {
  const address = questionAddress("acme", question, "0196a000")
  expect(address).toBe("/acme/admin/audit-logs?-status=failure&event=0196a000")
  const { parameters, openEvent } = splitSearch(new URL(address, "http://x").searchParams)
  expect(parameters).toEqual([["-status", "failure"]])
  expect(openEvent).toBe("0196a000")
  expect(withOpenEvent(new URLSearchParams("event=a&text=b"), null).toString()).toBe("text=b")
})

it("what trackers append is no part of a question, in any case of its letters, and nothing else is dropped", () => {
  const asked =
    "utm_source=mail&UTM_Campaign=x&fbclid=1&gclid=2&_ga=3&text=gclid&status=failure&utmost=1&event=e"
  expect(addressKey(new URLSearchParams(asked))).toBe("text=gclid&status=failure&utmost=1")
  expect(splitSearch(new URLSearchParams(asked)).openEvent).toBe("e")
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

it("a data route gets the question and its own parameters", () => {
  expect(dataAddress("acme", "export", question, { format: "csv" })).toBe(
    "/acme/admin/audit-logs/export?-status=failure&format=csv",
  )
})

it("a slug cannot leave its place in the path", () => {
  expect(logPath("a/../b")).toBe("/a%2F..%2Fb/admin/audit-logs")
})
