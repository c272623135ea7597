import { describe, expect, test } from "vitest"
import { AppError } from "@/lib/errors"
import { methodNotAllowed, problemResponse, toAppError } from "./problem"

describe("a problem document", () => {
  test("says what was wrong, where, and under which request", async () => {
    const error = new AppError("invalid", "Not so.", { faults: [{ pointer: "/a~1b", message: "is wrong" }] })
    const response = problemResponse(error, "r-1")
    expect([response.status, response.headers.get("content-type")]).toEqual([
      422,
      "application/problem+json; charset=utf-8",
    ])
    expect(await response.json()).toEqual({
      type: "urn:problem:auditorium:invalid",
      title: "Not acceptable as sent",
      status: 422,
      detail: "Not so.",
      code: "invalid",
      requestId: "r-1",
      errors: [{ pointer: "/a~1b", detail: "is wrong" }],
    })
  })

  test("of an error that nobody expected gives nothing of it away", async () => {
    const unexpected = new Error("password authentication failed for user x at /srv/lib/db.ts:3")
    const text = await problemResponse(toAppError(unexpected), "r-1").text()
    expect(text).not.toMatch(/password|srv|db\.ts|at \//)
    expect(JSON.parse(text).status).toBe(500)
    expect(await problemResponse(toAppError("thrown text"), "r-1").text()).not.toContain("thrown text")
  })

  test("always says when to come back, when coming back helps", () => {
    const retryAfter = (error: AppError) => problemResponse(error, "r-1").headers.get("retry-after")
    expect(retryAfter(new AppError("unavailable", "Later.", { retryAfterSeconds: 7 }))).toBe("7")
    expect(retryAfter(new AppError("unavailable", "Later."))).toBe("1")
    expect(retryAfter(new AppError("rate-limited", "Later."))).toBe("1")
    expect(retryAfter(new AppError("invalid", "No."))).toBeNull()
  })

  test("carries the rate limit of its error, whatever the limit is of", () => {
    const rateLimit = { limitPerSecond: 10, remaining: 0, resetSeconds: 3 }
    const { headers } = problemResponse(new AppError("rate-limited", "Slower.", { rateLimit }), "r-1")
    const names = ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "retry-after"]
    expect(names.map(name => headers.get(name))).toEqual(["10", "0", "3", "3"])
    const unlimited = problemResponse(new AppError("rate-limited", "Later."), "r-1").headers
    expect([...unlimited.keys()].filter(name => name.startsWith("ratelimit"))).toEqual([])
  })

  test("lists a hundred faults and the number of the others", async () => {
    const faults = Array.from({ length: 250 }, (_, at) => ({ pointer: `/${at}`, message: "is wrong" }))
    const { errors } = await problemResponse(new AppError("invalid", "No.", { faults }), "r-1").json()
    expect(errors).toHaveLength(101)
    expect(errors[100]).toEqual({ pointer: "", detail: "and 150 more" })
  })

  test("of a wrong method names the right ones", () => {
    const response = methodNotAllowed(["GET", "HEAD"], "r-1")
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"])
  })
})
