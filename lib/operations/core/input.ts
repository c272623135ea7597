import type { z } from "zod"
import { countFaults, limitFaults } from "@/lib/audit/faults"
import { AppError, type Fault, jsonPointer } from "@/lib/errors"
import { wordsOf } from "./input-words"

/** Returns the parsed input. Throws AppError `invalid` with a pointer for every fault. */
export function parseInput(schema: z.ZodType, raw: unknown, mostValues = usuallyMost): unknown {
  if (countValues(raw, mostValues) > mostValues) {
    throw invalidInput([{ pointer: "", message: `has more than ${mostValues} values` }])
  }
  const parsed = schema.safeParse(raw, { error: wordsOf })
  if (parsed.success) return parsed.data
  throw invalidInput(parsed.error.issues.flatMap(faultsOf))
}

/** A schema checks every value, and builds a message for each invalid one, without yielding. */
const usuallyMost = 10_000

/** Returns the number of values in nested arrays and plain objects; stops counting shortly after the limit. */
function countValues(value: unknown, limit: number): number {
  let count = 0
  const found: unknown[] = [value]
  while (found.length > 0 && count <= limit) {
    const one = found.pop()
    count++
    if (Array.isArray(one)) for (let at = 0; at < one.length && at <= limit; at++) found.push(one[at])
    else if (isPlain(one)) for (const name in one) found.push(one[name])
  }
  return count
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Returns the AppError `invalid` for input with these faults. */
export function invalidInput(faults: readonly Fault[]): AppError {
  const [first] = faults
  const number = countFaults(faults)
  const detail =
    number === 1 && first ? `${first.pointer || "The input"}: ${first.message}` : `${number} faults.`
  return new AppError("invalid", `Not acceptable as sent. ${detail}`, { faults: limitFaults(faults) })
}

function faultsOf(issue: z.core.$ZodIssue): Fault[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map(key => ({
      pointer: jsonPointer([...issue.path, key]),
      message: "is not known here",
    }))
  }
  return [{ pointer: jsonPointer(issue.path), message: issue.message }]
}
