import { Buffer } from "node:buffer"
import type { Call, CapturedBody } from "@/lib/audit/capture/call"
import { callOutcome } from "@/lib/audit/capture/call-outcome"
import { withCaller } from "@/lib/audit/capture/caller"
import type { CapturedCall } from "@/lib/audit/capture/captured-call"
import { decide } from "@/lib/audit/capture/decide"
import { eventOf } from "@/lib/audit/capture/event"
import { createOperationNames } from "@/lib/audit/capture/operations"
import type { CapturePolicy } from "@/lib/audit/capture/policy"
import { profileNamed } from "@/lib/audit/capture/profiles/registry"
import type { EventInput } from "@/lib/audit/event/input"
import type { JsonObject } from "@/lib/audit/json/value"

/** Records everything that a policy can record. */
export const everything: CapturePolicy = {
  v: 1,
  enabled: true,
  ignore: [],
  rules: [],
  default: { call: true, data: true, resultData: true },
  categories: { auth: true, headers: true, version: true, stats: true, result: true, data: true },
  redactIdentity: false,
  idsOnly: true,
  secretNames: [],
  headerNames: ["*"],
  limits: { requestBytes: 8192, responseBytes: 8192 },
  licenseKey: null,
  ownCalls: false,
}

/** The level `metadata`. */
export const metadata: CapturePolicy = {
  ...everything,
  default: { call: true, data: false, resultData: false },
  categories: { ...everything.categories, headers: false },
}

/** Returns a body of JSON, or of another type. */
export function body(value: unknown, mediaType = "application/json"): CapturedBody {
  const bytes = Buffer.from(typeof value === "string" ? value : JSON.stringify(value))
  return { mediaType, contentEncoding: null, bytes, totalBytes: bytes.length, isEnded: true }
}

/** Returns a call by the line of its request, answered with 200. */
export function call(line: string, more: Partial<Call> = {}): Call {
  const [method = "", target = ""] = line.split(" ")
  const [path = "", query] = target.split("?")
  return {
    method,
    path,
    query: query ?? null,
    headers: [],
    occurredAt: "2026-11-30T08:00:00.000000Z",
    requestId: "7f3c",
    route: null,
    app: null,
    ip: "203.0.113.7",
    peerIp: null,
    state: null,
    status: 200,
    responseHeaders: [],
    durationMs: 11,
    requestBytes: more.requestBody?.totalBytes ?? 0,
    responseBytes: more.responseBody?.totalBytes ?? 0,
    requestBody: null,
    responseBody: null,
    failure: null,
    caller: null,
    ...more,
  }
}

/** Returns the event of a call under a policy, as an application records it. */
export function recorded(
  profileName: string,
  made: Call,
  policy: CapturePolicy = everything,
  more: Partial<CapturedCall> = {},
): EventInput {
  const profile = profileNamed(profileName)
  if (profile === null) throw new Error(`There is no profile ${profileName}.`)
  const known = withCaller(made, profile)
  const decision = decide(policy, known, profile.endpointOf(known).endpoint, {
    outcome: callOutcome(known, profile),
  })
  return eventOf({
    call: known,
    policy,
    policyVersion: 3,
    decision,
    profile,
    operations: createOperationNames(),
    ...more,
  })
}

/** Returns what `metadata.call` of the event holds. */
export function factsOf(event: EventInput): JsonObject {
  return event.metadata?.call as JsonObject
}

/** Returns a token as identity providers make them; its signature is made up. */
export function jwt(claims: JsonObject): string {
  const part = (value: JsonObject) => Buffer.from(JSON.stringify(value)).toString("base64url")
  return `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}.c2lnbmF0dXJlLW9mLXRoZS10ZXN0`
}

/** Returns the headers of Basic authorization. */
export function basic(user: string, password = "password-of-the-test"): Call["headers"] {
  return [["Authorization", `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`]]
}
