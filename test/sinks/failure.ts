import { SinkError } from "@/lib/sinks/sink"

/** Returns the SinkError with which the work fails. Throws when it succeeds, or fails with another error. */
export async function failureOf(work: Promise<unknown>): Promise<SinkError> {
  const outcome = await work.catch((error: unknown) => error)
  if (outcome instanceof SinkError) return outcome
  throw new Error(`Expected a SinkError and got ${JSON.stringify(outcome)}`, { cause: outcome })
}
