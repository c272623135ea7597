import { eventLimits } from "@/lib/audit/event/limits"
import type { JsonObject } from "@/lib/audit/json/value"
import { isCloudTrailFile, recordTexts } from "./cloudtrail-files"
import { actorOf, isInsight } from "./cloudtrail-identity"
import { outcomeOf } from "./cloudtrail-outcome"
import { inOwnSpelling } from "./cloudtrail-spelling"
import { targetsOf } from "./cloudtrail-targets"
import { objectOf, present } from "./foreign-json"
import { timeOf } from "./foreign-time"
import { idOf, operationName, textOf, wordsOf } from "./foreign-values"
import { type Format, type RecordIds, rawOf, tellRecords } from "./format"

const name = "cloudtrail"

/** AWS CloudTrail: delivered files, what its own tools and other services of AWS make of them, or one record a line. */
export const cloudtrail: Format = {
  name,
  recognises: isCloudTrailFile,
  *read(text, { ids }) {
    yield* tellRecords(recordTexts(text), "record", (record, raw) => {
      const own = inOwnSpelling(record)
      const fault = faultOf(own)
      return fault === null ? { event: JSON.stringify(eventOf(own, raw, ids)) } : { event: null, fault }
    })
  },
}

/** What every record of CloudTrail has; an Insight event has it in its detail. */
function faultOf(record: JsonObject): string | null {
  if ("digestStartTime" in record && "logFiles" in record) {
    return "is a digest file of CloudTrail: it holds hashes of log files, and no events"
  }
  const { eventName, eventSource } = calledIn(record)
  const missing = [
    ...(isText(eventSource) ? [] : ["eventSource"]),
    ...(isText(eventName) ? [] : ["eventName"]),
  ]
  return missing.length === 0
    ? null
    : `is no record of CloudTrail, which always has eventSource and eventName: without ${missing.join(" and ")}`
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== ""
}

/** The call that a record is about. */
function calledIn(record: JsonObject): JsonObject {
  return isInsight(record) ? objectOf(record.insightDetails) : record
}

function eventOf(record: JsonObject, raw: string, ids: RecordIds): JsonObject {
  const eventId = idOf(record.eventID)
  const family = familyOf(record)
  const { details, ...time } = timeOf(record.eventTime, ["seconds", "milliseconds"])
  return present({
    id: eventId ? ids.fromKey(eventId, raw) : ids.fromRaw(raw),
    sourceId: eventId,
    ...time,
    details: [...details, ...insightOf(record)],
    operation: operationOf(record, family),
    family,
    actor: actorOf(record),
    targets: targetsOf(record),
    status: isInsight(record) ? "unknown" : outcomeOf(record),
    statusCode: textOf(record.errorCode, eventLimits.statusCodeLength),
    statusMessage: textOf(record.errorMessage, eventLimits.statusMessageLength),
    source: present({
      ip: textOf(record.sourceIPAddress, eventLimits.sourceLength),
      userAgent: textOf(record.userAgent, eventLimits.userAgentLength),
    }),
    requestId: idOf(record.requestID),
    metadata: metadataOf(record),
    ...rawOf(name, raw),
  })
}

/** A sentence of what CloudTrail noticed. */
function insightOf(record: JsonObject): string[] {
  if (!isInsight(record)) return []
  const { insightType, state, errorCode } = objectOf(record.insightDetails)
  const kind = textOf(insightType, 100) ?? "unusual activity"
  const error = textOf(errorCode, 100)
  return [
    `CloudTrail Insight: ${kind}${error === undefined ? "" : ` (${error})`}, ${textOf(state, 100) ?? "seen"}`,
  ]
}

function metadataOf(record: JsonObject): JsonObject {
  const { insightType, state } = objectOf(record.insightDetails)
  return present({
    awsRegion: textOf(record.awsRegion, 100),
    eventType: textOf(record.eventType, 100),
    eventCategory: textOf(record.eventCategory, 100),
    readOnly: typeof record.readOnly === "boolean" ? record.readOnly : undefined,
    insightType: textOf(insightType, 100),
    insightState: textOf(state, 100),
  })
}

/** `s3.amazonaws.com` is the family `s3`. */
function familyOf(record: JsonObject): string {
  const [service = ""] = (textOf(calledIn(record).eventSource, eventLimits.familyLength) ?? "").split(".")
  return wordsOf(service) || "aws"
}

function operationOf(record: JsonObject, family: string): string {
  const event = wordsOf(textOf(calledIn(record).eventName, eventLimits.operationLength) ?? "") || "unknown"
  return operationName(`${family}.${event}`, "aws")
}
