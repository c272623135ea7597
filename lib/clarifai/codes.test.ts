import { describe, expect, test } from "vitest"
import { AppError, type ErrorCode } from "@/lib/errors"
import { clarifaiStatusOf, codes, okStatus, refusalStatus } from "./codes"
import { tooDeep } from "./too-deep"

describe("the status of a response", () => {
  test.each<readonly [ErrorCode, number, number]>([
    ["malformed", 11100, 400],
    ["unauthenticated", 11002, 401],
    ["forbidden", 11007, 403],
    ["not-found", 11101, 404],
    ["invalid", 11102, 400],
    ["too-large", 11102, 400],
    ["rate-limited", 11005, 429],
    ["internal", 98004, 500],
    ["unavailable", 98006, 503],
    ["timeout", 98009, 503],
  ])("for the error %s is %d, over HTTP %d", (error, code, httpStatus) => {
    expect(clarifaiStatusOf(new AppError(error, "No."))).toMatchObject({ code, httpStatus })
  })

  test("tells a key that was refused from one that was not sent, and a page too deep from a fault", () => {
    const wrong = new AppError("unauthenticated", "No.", { subcode: "wrong-key" })
    expect(clarifaiStatusOf(wrong)).toEqual(codes.wrongKey)
    expect(codes.wrongKey).toMatchObject({ code: 11009, httpStatus: 401 })
    expect(clarifaiStatusOf(tooDeep("Too deep."))).toMatchObject({ code: 11105, httpStatus: 400 })
  })

  test("has the message, the request id, and a note for each fault", () => {
    const faults = [
      { pointer: "/query/success", message: "must be a truth" },
      { pointer: "", message: "and 7 more" },
    ]
    expect(refusalStatus(new AppError("invalid", "2 faults.", { faults }), "r-1")).toEqual({
      ...{ code: 11102, description: "Invalid request", details: "2 faults.", req_id: "r-1" },
      developer_notes: "/query/success: must be a truth\n/: and 7 more",
    })
    expect(refusalStatus(new AppError("internal", "Sorry."), "r-1")).not.toHaveProperty("developer_notes")
    expect(okStatus("r-2")).toEqual({ code: 10000, description: "Ok", req_id: "r-2" })
  })

  test("of a page too deep says how to go on", () => {
    expect(refusalStatus(tooDeep("Too deep."), "r-1").details).toContain("timestamp_to")
  })
})
