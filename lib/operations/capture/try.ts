import { z } from "zod"
import type { Call, CapturedBody } from "@/lib/audit/capture/call"
import { callOutcome } from "@/lib/audit/capture/call-outcome"
import { type Considered, considered, type Decision, decide } from "@/lib/audit/capture/decide"
import { eventOf } from "@/lib/audit/capture/event"
import { createOperationNames } from "@/lib/audit/capture/operations"
import { type Profile, profileNames } from "@/lib/audit/capture/profiles/profile"
import { profileNamed } from "@/lib/audit/capture/profiles/registry"
import { actorTypes } from "@/lib/audit/event/event"
import type { EventInput } from "@/lib/audit/event/input"
import { instantFromDate } from "@/lib/audit/time/instant"
import { AppError } from "@/lib/errors"
import { operation } from "@/lib/operations/core/operation"
import { currentWithin } from "./current"
import { readDraft } from "./draft"

const mostBody = 64 * 1024
const line = (most: number) => z.string().max(most)

const callInput = z.strictObject({
  method: z
    .string()
    .trim()
    .regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,32}$/, "Give an HTTP method, like GET.")
    .transform(method => method.toUpperCase()),
  /** As a client sends it, perhaps with a query. */
  path: line(8_000).regex(/^\//, "Give a path that begins with /."),
  headers: z
    .array(z.tuple([line(200), line(8_000)]))
    .max(100)
    .default([]),
  requestBody: line(mostBody).default(""),
  /** Null: there was no answer. */
  status: z.int().min(100).max(599).nullable().default(200),
  responseHeaders: z
    .array(z.tuple([line(200), line(8_000)]))
    .max(100)
    .default([]),
  responseBody: line(mostBody).default(""),
  /** The slug of the app that would record it. */
  app: line(100).nullable().default(null),
  profile: z.enum(profileNames).default("generic"),
  /** The caller, where the profile does not find one in the call. */
  actorType: z.enum(actorTypes).optional(),
})

/** What would happen to a call. */
export interface TriedCall {
  readonly endpoint: string
  readonly decision: Decision
  /** What is kept in memory until the call ends. */
  readonly considered: Considered
  /** The event as it would be sent; null when the call is not recorded. */
  readonly event: EventInput | null
}

/** Tells what would be recorded of a call, under the policy that counts or under a draft. Nothing is recorded. */
export const tryCapturePolicy = operation({
  name: "capture_policy.try",
  summary: "Tells what would be recorded of a call, and which rule decides.",
  permission: "CAPTURE-MANAGEMENT",
  effect: "read",
  input: z.strictObject({
    /** Absent: the policy that counts. */
    policy: z.unknown().optional(),
    call: callInput,
  }),
  run: async ({ caller, organization, capturePolicies, read }, { policy: draft, call: sent }) => {
    const current = await read(async ({ tx }) => {
      const now = await currentWithin(tx, organization.id, capturePolicies)
      if (draft === undefined) return { policy: now.policy, version: now.version }
      const work = { tx, organization, capturePolicies }
      return { policy: await readDraft(work, now.policy, draft), version: now.version + 1 }
    })
    const call = callOf(sent, { at: caller.at, requestId: caller.requestId, ip: caller.source?.ip ?? null })
    return tried(call, profileOf(sent.profile), current)
  },
})

function tried(
  call: Call,
  profile: Profile,
  { policy, version }: { readonly policy: Parameters<typeof decide>[0]; readonly version: number },
): TriedCall {
  const { endpoint } = profile.endpointOf(call)
  const actorType = (call.caller ?? profile.callerOf(call))?.type
  const outcome = callOutcome(call, profile)
  const circumstances = actorType === undefined ? { outcome } : { actorType, outcome }
  const decision = decide(policy, call, endpoint, circumstances)
  const operations = createOperationNames()
  return {
    endpoint,
    decision,
    considered: considered(policy, call, endpoint),
    event: decision.call
      ? eventOf({ call, policy, policyVersion: version, decision, profile, operations })
      : null,
  }
}

interface Arrival {
  readonly at: Date
  readonly requestId: string
  readonly ip: string | null
}

function callOf(sent: z.infer<typeof callInput>, { at, requestId, ip }: Arrival): Call {
  const [path = "/", ...queries] = sent.path.split("?")
  const { headers, responseHeaders, status, actorType } = sent
  const requestBody = bodyOf(sent.requestBody, headers)
  const responseBody = bodyOf(sent.responseBody, responseHeaders)
  return {
    ...{ method: sent.method, path, query: queries.length === 0 ? null : queries.join("?") },
    ...{ headers, occurredAt: instantFromDate(at), requestId, route: null, app: sent.app, ip, peerIp: null },
    ...{ state: null, status, responseHeaders, durationMs: 1 },
    ...{ requestBytes: requestBody?.totalBytes ?? 0, responseBytes: responseBody?.totalBytes ?? 0 },
    ...{ requestBody, responseBody, failure: status === null ? "unreachable" : null },
    caller: actorType === undefined ? null : { type: actorType, id: actorType },
  }
}

/** A body without a type is taken for what it looks like. */
function bodyOf(text: string, headers: readonly (readonly [string, string])[]): CapturedBody | null {
  if (text === "") return null
  const bytes = new TextEncoder().encode(text)
  const named = (name: string) => headers.find(([given]) => given.trim().toLowerCase() === name)?.[1] ?? null
  const looksLike = /^\s*[[{"]/.test(text) ? "application/json" : "text/plain"
  return {
    mediaType: named("content-type") ?? looksLike,
    contentEncoding: null,
    bytes,
    totalBytes: bytes.byteLength,
    isEnded: true,
  }
}

function profileOf(name: string): Profile {
  const profile = profileNamed(name)
  if (!profile) throw new AppError("internal", "A profile of the list does not exist.")
  return profile
}
