import type { z } from "zod"
import { AppError, type Fault, jsonPointer } from "@/lib/errors"
import { wordsOf } from "./input-words"

/** Promise: the input as the schema understands it; throws AppError `invalid` with a pointer for every fault. */
export function parseInput(schema: z.ZodType, raw: unknown): unknown {
  const parsed = schema.safeParse(raw, { error: wordsOf })
  if (parsed.success) return parsed.data
  throw invalidInput(parsed.error.issues.flatMap(faultsOf))
}

/** Promise: the error for input with these faults. */
export function invalidInput(faults: readonly Fault[]): AppError {
  const [first] = faults
  const detail =
    faults.length === 1 && first
      ? `${first.pointer || "The input"}: ${first.message}`
      : `${faults.length} faults.`
  return new AppError("invalid", `Not acceptable as sent. ${detail}`, { faults })
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
