import type { z } from "zod"
import { countFaults, limitFaults } from "@/lib/audit/faults"
import { AppError, type Fault, jsonPointer } from "@/lib/errors"
import { wordsOf } from "./input-words"

/** Promise: the input as the schema understands it; throws AppError `invalid` with a pointer for every fault. */
export function parseInput(schema: z.ZodType, raw: unknown): unknown {
  if (countValues(raw, mostValues) > mostValues) {
    throw invalidInput([{ pointer: "", message: `has more than ${mostValues} values` }])
  }
  const parsed = schema.safeParse(raw, { error: wordsOf })
  if (parsed.success) return parsed.data
  throw invalidInput(parsed.error.issues.flatMap(faultsOf))
}

/** A schema looks at every value, and finds words for each that it does not want, without a pause. */
const mostValues = 10_000

/** Returns the number of values in arrays and plain objects inside each other; counts no further than a little beyond the limit. */
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

/** Promise: the error for input with these faults. */
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
