import { describe, expect, test } from "vitest"
import { AppError } from "@/lib/errors"
import { clarifaiDialect } from "./clarifai"

/** Everything that matters of a refusal. */
async function refused(error: AppError) {
  const response = clarifaiDialect.refuse(error, "r-1")
  const headers = Object.fromEntries(response.headers)
  return { httpStatus: response.status, headers, ...(await response.json()) }
}

describe("a refusal of Clarifai's API", () => {
  test("is JSON with a status and no entries, that nobody stores", async () => {
    const faults = [{ pointer: "/query/success", message: "must be true, false or null" }]
    expect(await refused(new AppError("invalid", "No.", { faults }))).toEqual({
      httpStatus: 400,
      headers: {
        "cache-control": "no-store",
        "content-type": "application/json; charset=utf-8",
        "x-content-type-options": "nosniff",
        "x-request-id": "r-1",
      },
      status: {
        ...{ code: 11102, description: "Invalid request", details: "No.", req_id: "r-1" },
        developer_notes: "/query/success: must be true, false or null",
      },
      entries: [],
    })
  })

  test("of too many requests says when to come back, and what the limit is", async () => {
    const rateLimit = { limitPerSecond: 15, remaining: 0, resetSeconds: 2 }
    expect(await refused(new AppError("rate-limited", "Slower.", { rateLimit }))).toMatchObject({
      httpStatus: 429,
      status: { code: 11005 },
      headers: { "retry-after": "2", "ratelimit-limit": "15", "ratelimit-remaining": "0" },
    })
  })

  test.each([
    ["unavailable", 98006],
    ["timeout", 98009],
  ] as const)("that passes is 503 with a time to retry: %s", async (error, code) => {
    expect(await refused(new AppError(error, "Later."))).toMatchObject({
      httpStatus: 503,
      status: { code },
      headers: { "retry-after": "1" },
    })
  })

  test("without a key says how one is sent", async () => {
    const { headers, status } = await refused(new AppError("unauthenticated", "Who?"))
    expect(status.code).toBe(11002)
    expect(headers["www-authenticate"]).toBe('Key realm="auditorium"')
  })

  test("of a method names those that there are", async () => {
    const response = clarifaiDialect.refuseMethod(["POST"], "r-1")
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"])
    expect(await response.json()).toMatchObject({ status: { code: 11101 }, entries: [] })
  })
})

describe("the key of Clarifai's API", () => {
  const { keyOf } = clarifaiDialect.scheme

  test.each(["Key aud", "key aud", "Bearer aud", "Key  aud "])("is found in %j", authorization => {
    expect(keyOf(authorization)).toBe("aud")
  })

  test.each(["aud", "Key", "Key ", "Key a b", "Basic aud", "Keyaud", ""])("is not in %j", authorization => {
    expect(keyOf(authorization)).toBeNull()
  })
})
