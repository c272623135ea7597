import { type ActorType, actorTypes } from "@/lib/audit/event/event"
import type { ActorInput } from "@/lib/audit/event/input"
import type { Log } from "./log"
import type { MaybePromise } from "./options"

/** A function of the application that takes longer than this is not waited for. */
const longestMs = 5_000

const anonymous: ActorInput = { type: "anonymous" }

/**
 * Returns who the application says has called. Its function is foreign: when it throws, rejects, takes too long or returns
 * something else, the caller is anonymous, and the problem is logged.
 */
export function callerBy<Request>(
  ask: (request: Request) => MaybePromise<ActorInput | null | undefined>,
  request: Request,
  log: Log,
): MaybePromise<ActorInput> {
  const failed = (error: unknown) => {
    log(`The function that names the caller failed: ${error instanceof Error ? error.message : error}`)
    return anonymous
  }
  try {
    const answer = ask(request)
    if (!isPromise(answer)) return actorOf(answer)
    return withLimit(answer).then(actorOf).catch(failed)
  } catch (error) {
    return failed(error)
  }
}

function isPromise<Value>(value: MaybePromise<Value>): value is Promise<Value> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function"
}

function withLimit<Value>(promise: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer: unknown = setTimeout(() => reject(new Error("it took too long")), longestMs)
    if (typeof timer === "object" && timer !== null && "unref" in timer) (timer as NodeJS.Timeout).unref()
    promise.then(resolve, reject).finally(() => clearTimeout(timer as NodeJS.Timeout))
  })
}

function actorOf(value: ActorInput | null | undefined): ActorInput {
  if (value === null || value === undefined) return anonymous
  const { type, id } = value as { readonly type?: unknown; readonly id?: unknown }
  if (typeof value !== "object" || !actorTypes.includes(type as ActorType))
    throw new Error(`it returned no actor: type is one of ${actorTypes.join(", ")}`)
  if (type === "anonymous") return value
  // Databases number people.
  const text = typeof id === "number" || typeof id === "bigint" ? String(id) : id
  if (typeof text !== "string" || text === "") throw new Error("it returned an actor without an id")
  return { ...value, id: text }
}
