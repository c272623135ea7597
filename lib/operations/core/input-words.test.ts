import { describe, expect, it } from "vitest"
import { z } from "zod"
import { AppError } from "@/lib/errors"
import { parseInput } from "./input"

const schema = z.strictObject({
  name: z.string().min(2).max(4),
  size: z.int().min(1).max(9),
  kind: z.enum(["a", "b"]),
  list: z.array(z.string()).min(1).max(2),
  flag: z.boolean(),
  id: z.uuid(),
  email: z.email(),
  either: z.union([z.string(), z.number()]),
  inner: z.object({ x: z.string() }),
})
const good = {
  name: "abc",
  size: 2,
  kind: "a",
  list: ["x"],
  flag: true,
  id: "0198c1f2-6f0e-7cc3-9f6e-3b8d7a1c2e4f",
  email: "ada@acme.example",
  either: 1,
  inner: { x: "" },
}

function faultOf(change: Readonly<Record<string, unknown>>): string {
  try {
    parseInput(schema, { ...good, ...change })
  } catch (error) {
    return error instanceof AppError ? error.faults.map(({ message }) => message).join(" ") : String(error)
  }
  return "accepted"
}

describe("a fault of the input is told in words for people", () => {
  it.each([
    [{ name: undefined }, "This is missing."],
    [{ name: 7 }, "Give a text."],
    [{ name: "a" }, "Give at least 2 characters."],
    [{ name: "abcde" }, "Give at most 4 characters."],
    [{ size: 0 }, "Give at least 1."],
    [{ size: 10 }, "Give at most 9."],
    [{ size: 1.5 }, "Give a whole number."],
    [{ size: "1" }, "Give a number."],
    [{ kind: "c" }, "Give one of: a, b."],
    [{ kind: undefined }, "This is missing; one of: a, b."],
    [{ list: [] }, "Give at least 1 entry."],
    [{ list: ["a", "b", "c"] }, "Give at most 2 entries."],
    [{ list: "a" }, "Give a list."],
    [{ flag: "yes" }, "Give true or false."],
    [{ id: "17" }, "Give an id (a UUID)."],
    [{ email: "ada" }, "Give an email address, like ada@example.com."],
    [{ either: true }, "This does not fit."],
    [{ inner: [] }, "Give an object."],
    [{ other: 1 }, "is not known here"],
  ])("%j: %s", (change, words) => {
    expect(faultOf(change)).toBe(words)
  })
})
