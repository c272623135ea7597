import { expect, it } from "vitest"
import { plainQuestion, withValue } from "@/lib/audit/query/question"
import { dataAddress, eventAddress, logPath, questionAddress, splitSearch, withOpenEvent } from "./address"

const question = withValue(plainQuestion, "status", "failure", "exclude")

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
