import type { OrganizationRef, Principal } from "@/lib/access/principal"
import type { Call, CapturedBody, Headers } from "@/lib/audit/capture/call"
import { decide } from "@/lib/audit/capture/decide"
import { eventOf } from "@/lib/audit/capture/event"
import { createOperationNames } from "@/lib/audit/capture/operations"
import { generic } from "@/lib/audit/capture/profiles/generic"
import { eventLimits } from "@/lib/audit/event/limits"
import { instantFromDate } from "@/lib/audit/time/instant"
import { AppError } from "@/lib/errors"
import { log } from "@/lib/log"
import { onePerProcess } from "@/lib/memory/one-per-process"
import type { Caller } from "@/lib/operations/core/operation"
import { actorOf } from "@/lib/operations/core/own-event"
import { appendOwnCall, builtInAppOf } from "@/lib/operations/core/own-log"
import { builtInApp } from "@/lib/operations/organizations/create"
import { platform } from "@/lib/platform"
import type { Exchange } from "@/lib/request-marks"
import type { SentBody } from "./watch-response"

/** A body that was read. */
export interface KeptBody {
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/** An HTTP request to this console, from the moment when its caller is known. */
export interface OwnCall {
  readonly exchange: Exchange
  readonly caller: Caller
  /** The first caller with an organization: the parts of a page may be asked for outside of one. */
  principal: Principal
  readonly operations: Set<string>
  requestBody: KeptBody | null
  readonly responseBody: SentBody
}

/** All of them are one operation. */
const ownOperation = "api.call"
const mostOperations = 20
const tellEveryMs = 60_000
const told = onePerProcess("own-calls-told", () => ({ atMs: Number.NEGATIVE_INFINITY }))

/**
 * Records a call that has ended as the policy of its organization says, and counts it. Never rejects: a failure is counted,
 * and logged.
 */
export async function recordCall(call: OwnCall, organization: OrganizationRef): Promise<void> {
  const { ownCalls, ownCounts, builtInApps } = platform()
  const ended = callOf(call)
  const error = await ownCalls.track(append(ended, call, organization.id))
  if (error === null) return
  const appId = builtInApps.get(organization.id)
  if (appId !== undefined) ownCounts.addDropped({ organizationId: organization.id, appId })
  if (performance.now() - told().atMs < tellEveryMs) return
  told().atMs = performance.now()
  log.warn("own_calls.dropped", { dropped: ownCalls.counts.dropped, requestId: ended.requestId, error })
}

/** Returns whether the policy has the call recorded. */
async function append(call: Call, { operations }: OwnCall, organizationId: string): Promise<boolean> {
  const { policy, version } = await platform().capturePolicies.of(organizationId)
  const { endpoint } = generic.endpointOf(call)
  const decision = decide(policy, call, endpoint, { isOwn: true })
  // Off, or a call that no policy records: not counted either, as it could not be recorded by another policy.
  if (decision.why === "disabled" || decision.why === "never") return false
  const builtInAppId = await builtInAppOf(organizationId, platform())
  if (builtInAppId === null) throw new AppError("internal", "An organization has no app for its console.")
  count(call, endpoint, { organizationId, appId: builtInAppId, version })
  if (!decision.call) return false
  const event = eventOf({
    ...{ call, policy, decision, policyVersion: version, profile: generic },
    operations: createOperationNames(),
  })
  const metadata = { ...event.metadata, operations: [...operations].slice(0, mostOperations) }
  const description = [event.http?.method, event.http?.path].join(" ").slice(0, eventLimits.descriptionLength)
  const input = { ...event, operation: ownOperation, description, metadata }
  await appendOwnCall({ organizationId, builtInAppId }, input, platform())
  return true
}

interface CountedFor {
  readonly organizationId: string
  readonly appId: string
  readonly version: number
}

function count(
  { method, status, requestBytes, responseBytes }: Call,
  endpoint: string,
  { version, ...app }: CountedFor,
): void {
  const bytes = { bytesIn: requestBytes, bytesOut: responseBytes }
  platform().ownCounts.add(app, {
    at: new Date(),
    endpoint,
    method,
    status,
    ...bytes,
    policyVersion: version,
  })
}

function callOf({ exchange, caller, principal, requestBody, responseBody }: OwnCall): Call {
  const { request, response, url, beganMs } = exchange
  const durationMs = performance.now() - beganMs
  const { source, requestId } = caller
  const [path = "", query] = splitOnce(url, "?")
  const announced = Number(request.headers["content-length"] ?? Number.NaN)
  return {
    method: request.method ?? "",
    path,
    query: query ?? null,
    headers: headersOf(request.rawHeaders),
    occurredAt: instantFromDate(new Date(Date.now() - Math.round(durationMs))),
    requestId,
    route: null,
    app: builtInApp.slug,
    ip: source?.ip ?? null,
    peerIp: source?.peerIp ?? null,
    state: null,
    status: response.headersSent ? response.statusCode : null,
    responseHeaders: Object.entries(response.getHeaders()).flatMap(([name, value]) =>
      [value].flat().map(one => [name, String(one)] as const),
    ),
    durationMs: Math.round(durationMs * 1000) / 1000,
    requestBytes: Number.isSafeInteger(announced) ? announced : (requestBody?.bytes.byteLength ?? 0),
    responseBytes: responseBody.bytes,
    requestBody: requestBody && captured(requestBody.mediaType, requestBody.bytes),
    responseBody: sentBody(responseBody, response.getHeader("content-type"), response.writableFinished),
    failure: response.writableFinished ? null : "client-gone",
    caller: actorOf(principal),
  }
}

function captured(mediaType: string | null, bytes: Uint8Array): CapturedBody {
  return { mediaType, contentEncoding: null, bytes, totalBytes: bytes.byteLength, isEnded: true }
}

function sentBody(sent: SentBody, contentType: unknown, isEnded: boolean): CapturedBody {
  const mediaType = typeof contentType === "string" ? contentType : null
  return { ...captured(mediaType, Buffer.concat(sent.first)), totalBytes: sent.bytes, isEnded }
}

function headersOf(raw: readonly string[]): Headers {
  const headers: [string, string][] = []
  for (let at = 0; at + 1 < raw.length; at += 2) headers.push([raw[at] ?? "", raw[at + 1] ?? ""])
  return headers
}

function splitOnce(text: string, mark: string): readonly [string, string | undefined] {
  const at = text.indexOf(mark)
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}
