import { databaseTroubleOf } from "@/lib/database/errors"
import type { AppError } from "@/lib/errors"
import { log } from "@/lib/log"
import { onePerProcess } from "@/lib/memory/one-per-process"
import { statusOf } from "./problem"

/** A response of the class 5xx: the operation and the error. */
export interface Failure {
  readonly error: AppError
  readonly operation: string
  readonly requestId: string
}

interface Counted {
  readonly first: Failure
  count: number
}

/** Marks errors that are written or counted: they may reach Next.js as well, which reports them again. */
const reportedKey = Symbol.for("auditorium.reported")

interface Counter {
  readonly seen: Map<string, Counted>
  /** Calls the function when the second has passed. */
  after: (write: () => void) => void
}

const counter = onePerProcess("failures", createCounter)

function createCounter(): Counter {
  const made: Counter = {
    seen: new Map(),
    after: write => void setTimeout(write, 1_000).unref(),
  }
  // The counts of the last second must not be lost with the process.
  process.once("exit", () => {
    for (const one of made.seen.keys()) write(made, one)
  })
  return made
}

/**
 * Writes every response of the class 5xx to the log: one line for each class and operation in a second, with their number
 * and the id of the first request. Other errors are the caller's own, and leave no line.
 */
export function reportFailure(failure: Failure): void {
  const { error, operation } = failure
  if (statusOf(error.code) < 500) return
  Object.defineProperty(error, reportedKey, { value: true, configurable: true })
  const kept = counter()
  const name = JSON.stringify([classOf(error), operation])
  const counted = kept.seen.get(name)
  if (counted) {
    counted.count++
    return
  }
  kept.seen.set(name, { first: failure, count: 1 })
  kept.after(() => write(kept, name))
}

/** For tests: replaces the wait for the end of a second. Returns a function that restores it. */
export function useSeconds(after: Counter["after"]): () => void {
  const kept = counter()
  const before = kept.after
  kept.after = after
  return () => {
    kept.after = before
  }
}

function write(kept: Counter, name: string): void {
  const counted = kept.seen.get(name)
  kept.seen.delete(name)
  if (!counted) return
  const { error, operation, requestId } = counted.first
  log.error("request.failed", {
    class: classOf(error),
    status: statusOf(error.code),
    operation,
    count: counted.count,
    requestId,
    error,
  })
}

function classOf(error: AppError): string {
  return databaseTroubleOf(error) ?? error.code
}
