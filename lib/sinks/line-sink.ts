import type { Writable } from "node:stream"
import { type Batch, type SinkConnection, SinkError, type Written } from "./sink"

interface Options {
  /** Of the stream, for messages. */
  readonly name: string
  /** How long a write may take before its batch waits. */
  readonly patienceMs: number
}

/** What was handed to the stream and is not through yet. */
interface Pending {
  readonly batchId: string
  readonly done: Promise<Error | null>
  /** Its attempt has ended without knowing the result. */
  isLate: boolean
}

const mostRemembered = 1_000

/**
 * Returns a function that opens connections to a stream of lines. A batch is taken when the stream has passed all of it on. Of a
 * stream that nobody reads at most one batch is kept in memory: it stays with the stream, and when it is through after all, the
 * next attempt of that batch finds it taken instead of writing it twice.
 */
export function lineSink(stream: Writable, { name, patienceMs }: Options): () => SinkConnection {
  let pending: Pending | null = null
  let broken: Error | null = null
  /** Batches that were through only after their attempt had ended. */
  const takenLate = new Set<string>()
  // An error of the stream must not end the process; the next write is told.
  stream.on("error", (error: Error) => {
    broken = error
  })
  stream.on("close", () => {
    broken ??= new Error("closed")
  })

  function put(batch: Batch): Pending {
    const text = `${batch.events.map(({ line }) => line).join("\n")}\n`
    const done = new Promise<Error | null>(resolve => {
      stream.write(text, error => {
        if (pending === mine) pending = null
        if (mine.isLate && !error && takenLate.size < mostRemembered) takenLate.add(batch.id)
        resolve(error ?? null)
      })
    })
    const mine: Pending = { batchId: batch.id, done, isLate: false }
    return mine
  }

  async function write(batch: Batch, signal: AbortSignal): Promise<Written> {
    for (;;) {
      if (signal.aborted) throw new SinkError("later", "The attempt had ended before it could write.")
      if (takenLate.delete(batch.id)) return { all: "taken" }
      if (broken !== null) throw unwritable(name, broken)
      const mine = pending ?? put(batch)
      pending = mine
      const ended = await within(mine.done, patienceMs, signal)
      if (ended === "late") {
        if (mine.batchId === batch.id) mine.isLate = true
        throw new SinkError("later", `Nobody reads the ${name}: it takes no more.`)
      }
      if (mine.batchId !== batch.id) continue
      if (ended !== null) throw unwritable(name, ended)
      takenLate.delete(batch.id)
      return { all: "taken" }
    }
  }

  return () => ({ write, close: async () => {} })
}

function unwritable(name: string, error: Error): SinkError {
  const code = "code" in error ? String(error.code) : error.message
  return new SinkError("later", `The ${name} cannot be written to (${code}).`, { cause: error })
}

/** Returns the result of the promise, or `late` when the time is over or the signal comes before it. */
async function within<T>(promise: Promise<T>, ms: number, signal: AbortSignal): Promise<T | "late"> {
  let end = () => {}
  const over = new Promise<"late">(resolve => {
    const timer = setTimeout(() => resolve("late"), ms)
    const onAbort = () => resolve("late")
    signal.addEventListener("abort", onAbort, { once: true })
    end = () => {
      clearTimeout(timer)
      signal.removeEventListener("abort", onAbort)
    }
  })
  try {
    return await Promise.race([promise, over])
  } finally {
    end()
  }
}
