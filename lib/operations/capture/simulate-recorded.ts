import type { Call } from "@/lib/audit/capture/call"
import { decide } from "@/lib/audit/capture/decide"
import { outcomeOf } from "@/lib/audit/capture/outcome"
import type { BodyFlag, CapturePolicy } from "@/lib/audit/capture/policy"
import type { AuditEvent } from "@/lib/audit/event/event"
import { isObject, type JsonObject, type JsonValue } from "@/lib/audit/json/value"

const parts = ["request", "response"] as const
type Part = (typeof parts)[number]

/** A field of recorded bodies, and in how many calls it would not be recorded any more. */
export interface HiddenField {
  readonly part: Part
  readonly field: string
  readonly calls: number
}

/** What a policy makes of the calls that were recorded. */
export interface RecordedFigures {
  readonly calls: number
  readonly kept: number
  readonly dropped: number
  /** Bytes of their events as JSON, now and under the policy. */
  readonly bytesBefore: number
  readonly bytesAfter: number
  /** The fields that would be left out, the most frequent first. */
  readonly hidden: readonly HiddenField[]
  /** Calls whose body the policy wants and that was never captured: what it holds is not known. */
  readonly notKnown: Readonly<Record<Part, number>>
  /** The calls that each rule decided, in the order of the rules. */
  readonly rules: readonly number[]
}

export interface RecordedCall {
  readonly event: AuditEvent
  /** The slug of its app. */
  readonly app: string | null
  /** Whether it went to this installation's own API. */
  readonly isOwn: boolean
}

/** Returns the facts of a recorded call; null for an event that is none. */
export function factsOfCall({ metadata }: AuditEvent): JsonObject | null {
  const { call } = metadata
  return isObject(call) && typeof call.endpoint === "string" ? call : null
}

const mostFields = 200

/** Adds up what a policy makes of recorded calls. */
export function recordedFigures(policy: CapturePolicy) {
  const sums = { calls: 0, kept: 0, dropped: 0, bytesBefore: 0, bytesAfter: 0 }
  const notKnown = { request: 0, response: 0 }
  const rules = policy.rules.map(() => 0)
  const hidden = new Map<string, { part: Part; field: string; calls: number }>()

  function hide(part: Part, fields: readonly string[]): void {
    for (const field of fields) {
      const key = `${part} ${field}`
      const known = hidden.get(key)
      if (known) known.calls++
      else if (hidden.size < mostFields) hidden.set(key, { part, field, calls: 1 })
    }
  }

  return {
    add(recorded: RecordedCall): void {
      const { event, app, isOwn } = recorded
      const facts = factsOfCall(event)
      if (!facts) return
      const decision = decide(policy, callOf(event, app), String(facts.endpoint), {
        ...{ actorType: event.actor.type, isOwn },
      })
      // The cast: an event consists of JSON values.
      const bytes = bytesOf(event as unknown as JsonValue)
      sums.calls++
      sums.bytesBefore += bytes
      if (decision.ruleIndex !== null) rules[decision.ruleIndex] = (rules[decision.ruleIndex] ?? 0) + 1
      if (!decision.call) {
        sums.dropped++
        return
      }
      sums.kept++
      sums.bytesAfter += bytes
      for (const part of parts) {
        const flag = part === "request" ? decision.data : decision.resultData
        const body = facts[part]
        if (body === undefined) {
          if (flag !== false && hadBody(event, part)) notKnown[part]++
          continue
        }
        const left = hiddenIn(body, flag)
        sums.bytesAfter -= left.bytes
        hide(part, left.fields)
      }
    },
    result(): RecordedFigures {
      const fields = [...hidden.values()].sort((a, b) => b.calls - a.calls)
      return { ...sums, notKnown, rules, hidden: fields }
    },
  }
}

function hadBody({ http }: AuditEvent, part: Part): boolean {
  const bytes = part === "request" ? http?.requestBytes : http?.responseBytes
  // Unknown where the policy of that time left out the sizes.
  return bytes === undefined || bytes > 0
}

/** The fields of a body at its top that a flag leaves out, and their bytes. */
function hiddenIn(
  body: JsonValue,
  flag: BodyFlag,
): { readonly fields: readonly string[]; readonly bytes: number } {
  if (flag === true) return { fields: [], bytes: 0 }
  if (!isObject(body))
    return flag === false ? { fields: ["(the whole body)"], bytes: bytesOf(body) } : { fields: [], bytes: 0 }
  const kept = (name: string) =>
    flag !== false && flag.some(field => field === name || field.startsWith(`${name}.`))
  const left = Object.entries(body).filter(([name]) => !kept(name))
  const bytes = left.reduce((sum, [name, value]) => sum + bytesOf(value) + Buffer.byteLength(name) + 4, 0)
  return { fields: left.map(([name]) => name), bytes }
}

function bytesOf(value: JsonValue): number {
  return Buffer.byteLength(JSON.stringify(value))
}

/** Returns the call that an event was made of, as far as the event tells. */
function callOf({ http, status, occurredAt, requestId, source }: AuditEvent, app: string | null): Call {
  const call: Call = {
    ...{ method: http?.method ?? "GET", path: http?.path ?? "/", query: null, headers: [], occurredAt },
    ...{
      requestId: requestId ?? null,
      route: http?.route ?? null,
      app,
      ip: source?.ip ?? null,
      peerIp: null,
    },
    ...{ state: null, status: http?.status ?? null, responseHeaders: [], durationMs: http?.durationMs ?? 0 },
    ...{ requestBytes: http?.requestBytes ?? 0, responseBytes: http?.responseBytes ?? 0 },
    ...{ requestBody: null, responseBody: null, failure: null, caller: null },
  }
  if (status === "unknown" || outcomeOf(call) === status) return call
  // A code in the body can be the more exact one.
  if (status === "failure") return { ...call, failure: "broken-off" }
  return { ...call, status: status === "denied" ? 403 : 200 }
}
