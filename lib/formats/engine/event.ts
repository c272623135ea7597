import type { EventInput } from "@/lib/audit/event/input"
import { eventLimits } from "@/lib/audit/event/limits"
import type { JsonValue } from "@/lib/audit/json/value"
import { present } from "@/lib/audit/json/value"
import { listOf } from "@/lib/formats/foreign-json"
import { type ForeignTime, timeOf } from "@/lib/formats/foreign-time"
import { amountOf, countOf, idOf, operationName, textOf, wordsOf } from "@/lib/formats/foreign-values"
import { type RecordIds, rawOf } from "@/lib/formats/format"
import { freeObject, withinSize } from "./free-object"
import type { EventMapping, ForeignMapping, HttpMapping } from "./mapping"
import { actorOf, statusOf, targetsOf } from "./parties"
import type { ForeignRecord } from "./record"
import { type Convert, fill } from "./slots"

/** Returns the event that a record is by its mapping; `raw` are the record's own bytes. */
export function eventOf(
  mapping: ForeignMapping,
  record: ForeignRecord,
  raw: string,
  ids: RecordIds,
): EventInput {
  const { event } = mapping
  const key = fill(mapping.key, record, idOf)
  const required = {
    operation: operationOf(mapping, record),
    actor: actorOf(event.actor, record),
    status: fill(event.status, record, statusOf) ?? ("unknown" as const),
  }
  const reading: Reading = { event, record, time: readTime(event, record), required }
  const members: Partial<EventInput> = present({
    id: key === undefined ? ids.fromRaw(raw) : ids.fromKey(key, raw),
    sourceId: key,
  })
  for (const name in event) {
    if (isPart(name)) Object.assign(members, parts[name](reading))
  }
  return present({ ...withinSize({ ...members, ...required }, raw.length), ...rawOf(mapping.name, raw) })
}

function limited<Value>(
  take: (value: JsonValue | undefined, most: number) => Value | undefined,
  most: number,
): Convert<Value> {
  return value => take(value, most)
}

const as = {
  operation: limited(textOf, eventLimits.operationLength),
  operationCode: limited(countOf, 2 ** 31 - 1),
  description: limited(textOf, eventLimits.descriptionLength),
  statusCode: limited(textOf, eventLimits.statusCodeLength),
  statusMessage: limited(textOf, eventLimits.statusMessageLength),
  ip: limited(textOf, eventLimits.sourceLength),
  userAgent: limited(textOf, eventLimits.userAgentLength),
  method: limited(textOf, eventLimits.httpMethodLength),
  path: limited(textOf, eventLimits.httpPathLength),
  httpStatus: limited(countOf, 999),
  bytes: limited(countOf, Number.MAX_SAFE_INTEGER),
}

interface Reading {
  readonly event: EventMapping
  readonly record: ForeignRecord
  readonly time: ForeignTime
  readonly required: Pick<EventInput, "operation" | "actor" | "status">
}

function isPart(name: string): name is keyof EventMapping {
  return Object.hasOwn(parts, name)
}

/** The members of the event that each part of a mapping gives. */
const parts: { readonly [Name in keyof EventMapping]-?: (reading: Reading) => Partial<EventInput> } = {
  occurredAt: ({ event, time: { details, ...time } }) =>
    event.details === undefined ? { ...time, details } : time,
  details: ({ event, record, time }) => ({
    details: [...time.details, ...(fill(event.details, record, sentencesOf) ?? [])].slice(
      0,
      eventLimits.detailCount,
    ),
  }),
  operation: ({ required: { operation } }) => ({ operation }),
  operationCode: ({ event, record }) => ({
    operationCode: fill(event.operationCode, record, as.operationCode),
  }),
  family: ({ event, record }) => ({ family: fill(event.family, record, familyOf) }),
  description: ({ event, record }) => ({
    description: fill(event.description, record, as.description),
  }),
  actor: ({ required: { actor } }) => ({ actor }),
  targets: ({ event, record }) => ({ targets: targetsOf(event.targets ?? [], record) }),
  status: ({ required: { status } }) => ({ status }),
  statusCode: ({ event, record }) => ({
    statusCode: fill(event.statusCode, record, as.statusCode),
  }),
  statusMessage: ({ event, record }) => ({
    statusMessage: fill(event.statusMessage, record, as.statusMessage),
  }),
  source: ({ event, record }) => ({ source: sourceOf(event.source, record) }),
  requestId: ({ event, record }) => ({ requestId: fill(event.requestId, record, idOf) }),
  traceId: ({ event, record }) => ({ traceId: fill(event.traceId, record, idOf) }),
  http: ({ event, record }) => ({ http: event.http && httpOf(event.http, record) }),
  metadata: ({ event, record }) => ({
    metadata: freeObject(event.metadata, record, eventLimits.metadataBytes) ?? {},
  }),
}

function readTime({ occurredAt }: EventMapping, record: ForeignRecord): ForeignTime {
  for (const { from, epochs } of occurredAt) {
    const value = fill(from, record, found => found)
    if (value !== undefined) return timeOf(value, epochs)
  }
  return { details: [] }
}

function operationOf({ event, name, resource }: ForeignMapping, record: ForeignRecord): string {
  const said = fill(event.operation, record, as.operation)
  return operationName(said ?? "", resource ?? name)
}

function familyOf(value: JsonValue | undefined): string | undefined {
  return wordsOf(textOf(value, eventLimits.familyLength) ?? "") || undefined
}

function sentencesOf(value: JsonValue | undefined): readonly string[] | undefined {
  return listOf(value).flatMap(sentence => textOf(sentence, eventLimits.detailLength) ?? [])
}

function sourceOf(source: EventMapping["source"], record: ForeignRecord): EventInput["source"] {
  if (source === undefined) return undefined
  if ("onlyIp" in source) {
    const ip = fill(source.onlyIp, record, as.ip)
    return ip === undefined ? undefined : { ip }
  }
  return present({
    ip: fill(source.ip, record, as.ip),
    userAgent: fill(source.userAgent, record, as.userAgent),
  })
}

function httpOf(http: HttpMapping, record: ForeignRecord): EventInput["http"] {
  return present({
    method: fill(http.method, record, as.method)?.toUpperCase(),
    path: fill(http.path, record, as.path),
    route: fill(http.route, record, as.path),
    status: fill(http.status, record, as.httpStatus),
    durationMs: fill(http.durationMs, record, amountOf),
    requestBytes: fill(http.requestBytes, record, as.bytes),
    responseBytes: fill(http.responseBytes, record, as.bytes),
  })
}
