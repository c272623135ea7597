import { describe, expect, it, vi } from "vitest"
import { AppError } from "./errors"

class Narrower extends AppError {}

describe("an error for callers", () => {
  it("is known as one also when a bundler has loaded its module twice", async () => {
    vi.resetModules()
    const copy = await import("./errors")
    expect(copy.AppError).not.toBe(AppError)
    const error: unknown = new copy.AppError("unavailable", "Come again.", { retryAfterSeconds: 2 })
    expect(error instanceof AppError).toBe(true)
    expect(error).toMatchObject({ code: "unavailable", retryAfterSeconds: 2 })
  })

  it("is not confused with the classes that extend it, nor with other errors", () => {
    expect(new AppError("invalid", "No.") instanceof Narrower).toBe(false)
    expect(new Narrower("invalid", "No.") instanceof Narrower).toBe(true)
    expect(new Narrower("invalid", "No.") instanceof AppError).toBe(true)
    for (const other of [new Error("x"), { code: "invalid" }, null, undefined, "text"]) {
      expect(other instanceof AppError).toBe(false)
    }
  })
})
