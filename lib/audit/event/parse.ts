import { Buffer } from "node:buffer"
import { readActor } from "@/lib/audit/event/input/actor"
import { Fields, namesOf } from "@/lib/audit/event/input/fields"
import { measure } from "@/lib/audit/event/input/measure"
import { readHttp, readSource } from "@/lib/audit/event/input/origin"
import { FaultList } from "@/lib/audit/faults"
import { isObject, type JsonObject, type JsonValue, present } from "@/lib/audit/json/value"
import { type Instant, parseInstant } from "@/lib/audit/time/instant"
import { isUuid } from "@/lib/audit/uuid"
import type { Fault } from "@/lib/errors"
import { describeOperation } from "./catalogue"
import {
  type Change,
  type DerivedMember,
  type OccurredAtAssumed,
  occurredAtAssumptions,
  type PreparedEvent,
  type Source,
  statuses,
  type Target,
} from "./event"
import type { ChangeInput, EventInput, TargetInput } from "./input"
import { eventLimits, familyPattern, operationPattern } from "./limits"

export interface EventContext {
  readonly organizationId: string
  readonly appId: string
  /** Creates the id of an event that arrives without one. */
  readonly newId: () => string
  readonly defaults?: {
    /** The origin for an event that states none. */
    readonly source?: Source
  }
}

export type ParsedEvent =
  | { readonly ok: true; readonly prepared: PreparedEvent }
  | { readonly ok: false; readonly faults: readonly Fault[] }

/**
 * Reads what a producer sent as one event. Lists every fault with its pointer; a single fault rejects the event, and
 * nothing is cut, dropped or guessed. An accepted event keeps all of its text and numbers exactly.
 */
export function parseEvent(value: JsonValue | EventInput, context: EventContext): ParsedEvent {
  if (!isObject(value)) return { ok: false, faults: [{ pointer: "", message: "must be an object" }] }
  const faults = new FaultList()
  checkWhole(value, faults)
  const prepared = readEvent(new Fields<EventInput>(value, [], faults), context)
  return faults.isEmpty ? { ok: true, prepared } : { ok: false, faults: faults.all() }
}

/**
 * Returns the faults that a producer would get for content that the server created itself. Its origin was limited in size
 * where the request came in.
 */
export function faultsOfOwn(content: PreparedEvent["content"]): readonly Fault[] {
  const { organizationId, appId, occurredAtAssumed: _, source: __, ...sent } = content
  const input = sent satisfies EventInput
  const parsed = parseEvent(JSON.parse(JSON.stringify(input)), {
    organizationId,
    appId,
    newId: () => sent.id,
  })
  return parsed.ok ? [] : parsed.faults
}

/** An importer has already parsed the time of its original, whatever its format. */
const importerFields = namesOf<EventInput>({
  id: true,
  sourceId: true,
  occurredAt: true,
  environment: true,
  operation: true,
  operationCode: true,
  family: true,
  description: true,
  actor: true,
  targets: true,
  status: true,
  statusCode: true,
  statusMessage: true,
  source: true,
  requestId: true,
  traceId: true,
  http: true,
  details: true,
  changes: true,
  metadata: true,
  raw: true,
  rawFormat: true,
  rawWithheld: true,
  occurredAtText: true,
  occurredAtAssumed: true,
})
const importersOnly = new Set(["occurredAtText", "occurredAtAssumed"])
const producerFields = new Set([...importerFields].filter(name => !importersOnly.has(name)))
const serverFields = new Map([
  ["organizationId", "is given by the server: an event belongs to the organization of its API key"],
  ["appId", "is given by the server: an event belongs to the app of its API key"],
  ["receivedAt", "is given by the server when the event arrives; send occurredAt"],
  ["index", "is given by the server when the event is stored"],
  ["leafHash", "is given by the server when the event is stored"],
  [
    "occurredAtText",
    "is given by the server, which keeps your spelling of occurredAt; only an event with rawFormat may state it",
  ],
  [
    "occurredAtAssumed",
    "is given by the server, which sees what occurredAt leaves out; only an event with rawFormat may state it",
  ],
])

/** Checks of every value wherever it is: what cannot be stored exactly, and the size of the whole. */
function checkWhole(event: JsonObject, faults: FaultList): void {
  const { raw: _, ...others } = event
  const { bytes, faults: found } = measure(others, [])
  faults.push(...found)
  if (bytes > eventLimits.eventBytes) {
    faults.push({
      pointer: "",
      message: `is ${bytes} bytes of JSON; at most ${eventLimits.eventBytes} are kept`,
    })
  }
}

function readEvent(fields: Fields<EventInput>, context: EventContext): PreparedEvent {
  fields.allowOnly(fields.has("rawFormat") ? importerFields : producerFields, serverFields)
  const { derived, ...operation } = readOperation(fields)
  const { isRead, ...time } = fields.has("rawFormat") ? readImportedTime(fields) : readOccurredAt(fields)
  const raw = readRaw(fields)
  const content = {
    id: readId(fields, context),
    organizationId: context.organizationId,
    appId: context.appId,
    environment: fields.word("environment", eventLimits.environmentLength),
    sourceId: fields.word("sourceId", eventLimits.idLength),
    ...time,
    ...operation,
    actor: readActor(fields),
    targets: fields.objects("targets", eventLimits.targetCount).map(readTarget),
    status: fields.choice("status", statuses) ?? "unknown",
    statusCode: readStatusCode(fields),
    statusMessage: fields.text("statusMessage", eventLimits.statusMessageLength),
    source: readSource(fields) ?? context.defaults?.source,
    requestId: fields.text("requestId", eventLimits.idLength),
    traceId: fields.text("traceId", eventLimits.idLength),
    http: readHttp(fields),
    details: fields.texts("details", eventLimits.detailCount, eventLimits.detailLength),
    changes: fields.objects("changes", eventLimits.changeCount).map(readChange),
    metadata: fields.freeObject("metadata", eventLimits.metadataBytes) ?? {},
    rawFormat: fields.word("rawFormat", eventLimits.rawFormatLength),
    rawWithheld: fields.word("rawWithheld", eventLimits.rawWithheldLength),
  }
  return { content: present(content), raw, derived: isRead ? [...derived, "occurredAt"] : derived }
}

function readId(fields: Fields<EventInput>, context: EventContext): string {
  const id = fields.text("id", eventLimits.idLength)
  if (id === undefined) return context.newId()
  if (!isUuid(id))
    fields.fault("id", "must be a UUID; leave it out to get one, or keep a key of your own in sourceId")
  return id.toLowerCase()
}

interface ReadTime {
  readonly occurredAt: Instant | null
  readonly occurredAtText?: string
  readonly occurredAtAssumed: OccurredAtAssumed
  /** The instant was parsed from a text that is stored with it. */
  readonly isRead: boolean
}

const noTime: ReadTime = { occurredAt: null, occurredAtAssumed: "received", isRead: false }

function readOccurredAt(fields: Fields<EventInput>): ReadTime {
  const text = fields.text("occurredAt", eventLimits.idLength)
  if (text === undefined) return noTime
  const parsed = parseInstant(text)
  if (!parsed.ok) {
    fields.fault("occurredAt", parsed.message)
    return noTime
  }
  return {
    occurredAt: parsed.instant,
    occurredAtText: parsed.canonicalText ? undefined : text,
    occurredAtAssumed: parsed.assumedZone ? "zone" : "none",
    isRead: !parsed.canonicalText,
  }
}

/** The same for an event of another system, whose importer may pass the original text of the time and the derived members. */
function readImportedTime(fields: Fields<EventInput>): ReadTime {
  const time = readOccurredAt(fields)
  const text = fields.word("occurredAtText", eventLimits.idLength)
  const assumed = fields.has("occurredAtAssumed") ? fields.choice("occurredAtAssumed", importable) : undefined
  if (text === undefined && assumed === undefined) return time
  if (!fields.has("occurredAt")) {
    fields.fault(
      "occurredAt",
      "is required beside occurredAtText and occurredAtAssumed, which say how it was read",
    )
    return time
  }
  return {
    occurredAt: time.occurredAt,
    occurredAtText: text === time.occurredAt ? undefined : (text ?? time.occurredAtText),
    occurredAtAssumed: assumed ?? time.occurredAtAssumed,
    isRead: text === undefined && time.isRead,
  }
}

/** What an importer may say: that nothing was sent is for the server to see. */
export const importable = occurredAtAssumptions.filter(assumption => assumption !== "received")

interface ReadOperation {
  readonly operation: string
  readonly operationCode?: number
  readonly family: string
  readonly description: string
  readonly derived: readonly DerivedMember[]
}

function readOperation(fields: Fields<EventInput>): ReadOperation {
  const operation = fields.required("operation", eventLimits.operationLength)
  if (operation !== "" && !operationPattern.test(operation)) {
    fields.fault(
      "operation",
      "must be lower-case words joined by dots, a resource and a verb, like invoice.approve",
    )
  }
  const family = fields.word("family", eventLimits.familyLength)
  if (family !== undefined && !familyPattern.test(family)) {
    fields.fault("family", "must be lower-case words, like billing")
  }
  const known = describeOperation(operation)
  return {
    operation,
    operationCode: fields.integer("operationCode", 0, 2 ** 31 - 1) ?? known.code,
    family: family ?? known.family,
    description: fields.word("description", eventLimits.descriptionLength) ?? known.description,
    derived: derivable.filter(member => !fields.has(member)),
  }
}

const derivable = ["operationCode", "family", "description"] as const

function readStatusCode(fields: Fields<EventInput>): string | undefined {
  const value = fields.value("statusCode")
  if (typeof value === "number" && Number.isInteger(value)) return String(value)
  if (value === undefined || typeof value === "string")
    return fields.text("statusCode", eventLimits.statusCodeLength)
  fields.fault("statusCode", "must be a string or a whole number")
  return undefined
}

const targetFields = namesOf<TargetInput>({ type: true, id: true, name: true, attributes: true })

function readTarget(target: Fields<TargetInput>): Target {
  target.allowOnly(targetFields)
  return present({
    type: target.required("type", eventLimits.typeLength),
    id: target.required("id", eventLimits.idLength),
    name: target.text("name", eventLimits.nameLength),
    attributes: target.freeObject("attributes", eventLimits.attributesBytes),
  })
}

const changeFields = namesOf<ChangeInput>({ path: true, before: true, after: true })

function readChange(change: Fields<ChangeInput>): Change {
  change.allowOnly(changeFields)
  return {
    // "" points at the whole document (RFC 6901).
    path: change.present("path", eventLimits.changePathLength),
    before: change.freeValue("before"),
    after: change.freeValue("after"),
  }
}

function readRaw(fields: Fields<EventInput>): Uint8Array | null {
  const text = fields.value("raw")
  const isWithheld = fields.has("rawWithheld")
  if (text === undefined) {
    if (fields.has("rawFormat") && !isWithheld)
      fields.fault("rawFormat", "names the format of raw, which is missing")
    return null
  }
  if (isWithheld) fields.fault("rawWithheld", "says why raw is missing, but raw is there")
  if (!fields.has("rawFormat")) fields.fault("rawFormat", "is required beside raw")
  if (typeof text !== "string") {
    fields.fault("raw", "must be a string: the original bytes in base64")
    return null
  }
  // Node ignores characters that are not base64, so encoding again must give the same text.
  const bytes = Buffer.from(text, "base64")
  if (bytes.toString("base64") !== text)
    fields.fault("raw", "must be the original bytes in base64, with padding")
  if (bytes.length > eventLimits.rawBytes) {
    fields.fault(
      "raw",
      `is ${bytes.length} bytes; at most ${eventLimits.rawBytes} are kept, so send rawWithheld instead`,
    )
  }
  return bytes
}
