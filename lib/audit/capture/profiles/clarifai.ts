import { idText, nameIn } from "@/lib/audit/capture/answer"
import type { Call } from "@/lib/audit/capture/call"
import { callerByAuthorization, callerByClaims } from "@/lib/audit/capture/caller"
import { cleanWord } from "@/lib/audit/capture/clean"
import { claimsOf, isBelieved } from "@/lib/audit/capture/credentials"
import { headerOf } from "@/lib/audit/capture/headers"
import type { Outcome } from "@/lib/audit/capture/outcome"
import { readBody } from "@/lib/audit/capture/read-body"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { isArray, isObject, present } from "@/lib/audit/json/value"
import { type ClarifaiAction, invitationStatuses, listedAs } from "./clarifai-actions"
import { actionOf, clarifaiPath, type NamedInPath } from "./clarifai-paths"
import { generic, genericEndpoint, genericOperation } from "./generic"
import type { Description, Profile } from "./profile"

/**
 * Clarifai's API by HTTP and JSON. The endpoint of an action that its audit log knows is the name of the method, such as
 * `PostModels`; that of every other call is its path, without the user and the app before it.
 */
export const clarifai: Profile = {
  name: "clarifai",
  endpointOf(start) {
    const known = clarifaiPath(start)
    if (known === null) return genericEndpoint(start)
    return { endpoint: actionOf(start.method, known)?.action.method ?? known.endpoint, version: "2" }
  },
  needs(start) {
    const known = clarifaiPath(start)
    if (known === null) return generic.needs(start)
    return { request: actionOf(start.method, known) !== null, response: true }
  },
  describe(call) {
    const known = clarifaiPath(call)
    if (known === null) return generic.describe(call)
    const { code, description, details, req_id } = statusOf(call)
    const found = actionOf(call.method, known)
    return present({
      ...(found === null
        ? { operation: genericOperation(call.method, known.endpoint) }
        : operationFor(found.action, call)),
      targets: found === null ? [] : targetsIn(call, found.action, found.named),
      code: isCode(code) ? code : undefined,
      message: [cleanWord(description), cleanWord(details)].filter(Boolean).join(": ") || undefined,
      requestId: cleanWord(req_id),
    })
  },
  outcomeOf(call) {
    const { code } = clarifaiPath(call) === null ? {} : statusOf(call)
    // 10050 only says where to ask.
    return isCode(code) && code !== 10_050 ? outcomeOfCode(code) : undefined
  },
  callerOf(call) {
    // A refusal may stand in the answer alone.
    if (clarifai.outcomeOf?.(call) === "denied") return null
    return callerByAuthorization(call) ?? callerBySession(call)
  },
}

/** Every answer has a `status`. */
function statusOf(call: Call): JsonObject {
  const answer = readBody(call.responseBody)
  return isObject(answer) && isObject(answer.status) ? answer.status : {}
}

function isCode(code: JsonValue | undefined): code is number {
  return typeof code === "number" && Number.isInteger(code) && code > 0 && code < 1_000_000
}

/** Done, and accepted to be done. */
const successes: ReadonlySet<number> = new Set([10_000, 10_070])
/** No credentials, wrong ones, ones that do not reach, and accounts that must not. */
const refusals: ReadonlySet<number> = new Set([
  11_000, 11_001, 11_002, 11_007, 11_008, 11_009, 11_104, 11_200,
])

/** `10010` says that a part of what was asked failed: documented programs take it for a failure, as everything but 10000. */
function outcomeOfCode(code: number): Outcome {
  return successes.has(code) ? "success" : refusals.has(code) ? "denied" : "failure"
}

/** A session token has claims only when it is a JWT; a key has none. */
function callerBySession(call: Call) {
  return isBelieved(call)
    ? callerByClaims(claimsOf(headerOf(call.headers, "x-clarifai-session-token")))
    : null
}

/** What a patch of invitations does depends on the status that they get. */
function operationFor({ operation, code, type }: ClarifaiAction, call: Call) {
  const asked = type === "invitation" && code === null ? readBody(call.requestBody) : undefined
  const { action, invitations } = isObject(asked) ? asked : {}
  const [first] = isArray(invitations) ? invitations : []
  const status = action === "remove" ? "CANCELLED" : isObject(first) ? first.status : undefined
  const key = typeof status === "string" || typeof status === "number" ? String(status) : ""
  const [known, knownCode] = Object.hasOwn(invitationStatuses, key) ? (invitationStatuses[key] ?? []) : []
  return present({ operation: known ?? operation, operationCode: knownCode ?? code ?? undefined })
}

type Targets = Description["targets"]

/**
 * Returns what an action is about, the objects of its bodies before those that its path names. Those of a call that failed are what was
 * attempted: a reader who looks for failures asks what they were aimed at. Of an answer that is a success in part, only what succeeded.
 */
function targetsIn(call: Call, action: ClarifaiAction, named: NamedInPath): Targets {
  const answer = objectsIn(readBody(call.responseBody), action)
  const isPartly = statusOf(call).code === 10_010
  const asked = isPartly ? [] : objectsIn(readBody(call.requestBody), action)
  const seen = new Map<string, Targets[number]>()
  const all: Targets = [...answer, ...asked, ...named]
  for (const target of all) {
    const key = JSON.stringify([target.type, target.id])
    const known = seen.get(key)
    if (known === undefined || (known.name === undefined && target.name !== undefined)) seen.set(key, target)
  }
  return [...seen.values()]
}

const mostObjects = 20
const mostDepth = 3

/** Returns the objects that a body lists by names that the protocol has for them, and those in these. */
function objectsIn(body: JsonValue | undefined, action: ClarifaiAction): Targets {
  const found: Targets[number][] = []
  const look = (value: JsonValue | undefined, type: string | null, depth: number): void => {
    if (isArray(value)) for (const each of value.slice(0, mostObjects)) look(each, type, depth)
    else if (isObject(value)) {
      if (isRefused(value)) return
      if (type !== null) add(type, value.id, nameIn(value))
      // A patch of ids gives a new one.
      if (type !== null) add(type, value.new_id)
      if (depth === mostDepth) return
      for (const [name, inner] of Object.entries(value)) {
        const listed = listedAs(name, type, action)
        if (listed !== undefined) look(inner, listed, depth + 1)
      }
    } else if (type !== null) add(type, value)
  }
  const add = (type: string, value: JsonValue | undefined, name?: string) => {
    const id = idText(value)
    if (id !== undefined) found.push(present({ type, id, name }))
  }
  look(body, null, 0)
  return found.slice(0, mostObjects)
}

/** An item of a list may have a status of its own. */
function isRefused({ status }: JsonObject): boolean {
  const code = isObject(status) ? status.code : undefined
  return isCode(code) && outcomeOfCode(code) === "denied"
}
