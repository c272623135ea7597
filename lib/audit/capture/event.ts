import type { EventInput } from "@/lib/audit/event/input"
import type { Call } from "./call"
import { callOutcome } from "./call-outcome"
import { nobody, withCaller } from "./caller"
import type { CapturedCall } from "./captured-call"
import { cleanText } from "./clean"
import { actorOf, httpOf, type Mutable, redacted, sourceOf, targetsFor, traceOf } from "./event-members"
import { factsOf } from "./facts"
import { textWithoutSecrets, withoutSecrets } from "./fit-event"
import { headerOf } from "./headers"
import type { Description } from "./profiles/profile"

/**
 * Returns the event of a recorded call: as much of it as the policy allows, without its secrets. Whatever the call consists of,
 * the API accepts the event. It has no id yet. A caller that an application states has been through `withCaller`, if at all.
 */
export function eventOf(captured: CapturedCall): EventInput {
  return withoutSecrets(unfitted(captured))
}

/**
 * Returns the same event with an id, as JSON: what is looked through for secrets is what is sent, so it is written only once when it
 * holds none.
 */
export function eventTextOf(captured: CapturedCall, id: string): string {
  return textWithoutSecrets(unfitted(captured, id))
}

function unfitted(captured: CapturedCall, id?: string): EventInput {
  const { policy, profile, operations } = captured
  const call = captured.call.caller === null ? withCaller(captured.call, profile) : captured.call
  const described = profile.describe(call)
  const status = callOutcome(call, profile)
  const operation = operations.bounded(described.operation, status === "success")
  const isRedacted = policy.redactIdentity || !policy.categories.auth
  const actor = actorOf(call.caller ?? nobody)
  const event: Mutable<EventInput> = {
    occurredAt: call.occurredAt,
    operation,
    actor: isRedacted ? redacted(actor) : actor,
    targets: targetsFor(described.targets, policy.idsOnly, isRedacted ? actor : null),
    status,
    source: sourceOf(call),
    http: httpOf(call, policy.categories.stats),
    metadata: { call: factsOf(captured, call, isRedacted) },
  }
  if (id !== undefined) event.id = id
  // A code belongs to the name: an operation whose name was one too many has none.
  if (described.operationCode !== undefined && operation === described.operation)
    event.operationCode = described.operationCode
  const statusCode = codeOf(call, described)
  if (statusCode !== undefined) event.statusCode = statusCode
  const message = policy.categories.result ? messageOf(call, described) : undefined
  if (message !== undefined) event.statusMessage = message
  const requestId = requestIdOf(call, described)
  if (requestId !== undefined) event.requestId = requestId
  const traceId = traceOf(call.headers)
  if (traceId !== undefined) event.traceId = traceId
  return event
}

function codeOf({ status }: Call, { code }: Description): string | undefined {
  const stated = code ?? status
  return stated === null ? undefined : String(stated)
}

/** The target's own id is the one that its other logs have; the two events of a long call need the same one. */
function requestIdOf({ requestId, state, headers }: Call, described: Description): string | undefined {
  const isChosen = state !== null || headerOf(headers, "x-request-id") !== undefined
  const id = isChosen ? requestId : (described.requestId ?? requestId)
  return id ? cleanText(id) : undefined
}

const failures = {
  "client-gone": "The client went away",
  unreachable: "The target was not reached",
  timeout: "The target did not answer in time",
  "broken-off": "The target broke off its answer",
} as const

function messageOf({ failure }: Call, { message }: Description): string | undefined {
  if (failure !== null) return failures[failure]
  return message === undefined ? undefined : cleanText(message)
}
