import { eventLimits } from "@/lib/audit/event/limits"
import type { JsonObject } from "@/lib/audit/json/value"
import { actorOf } from "./cloudtrail-identity"
import { inOwnSpelling } from "./cloudtrail-spelling"
import { arrayElements } from "./elements"
import { isObject, listOf, objectOf, parseForeignJson, present } from "./foreign-json"
import { timeOf } from "./foreign-time"
import { idOf, operationName, textOf, wordsOf } from "./foreign-values"
import { type Format, type RecordIds, rawOf, tellRecords } from "./format"

const name = "cloudtrail"

/** AWS CloudTrail: a delivered file (`Records`), or one record a line. */
export const cloudtrail: Format = {
  name,
  recognises: value => isObject(value) && (Array.isArray(value.Records) || isRecord(value)),
  *read(text, { ids }) {
    const outermost = parseForeignJson(text)
    const isFile = isObject(outermost) && Array.isArray(outermost.Records)
    const records = isFile ? arrayElements(text, "Records") : [text.trim()]
    yield* tellRecords(records, "record", (record, raw) =>
      JSON.stringify(eventOf(inOwnSpelling(record), raw, ids)),
    )
  },
}

function isRecord(value: JsonObject): boolean {
  const record = inOwnSpelling(value)
  return "eventName" in record && "eventSource" in record
}

function eventOf(record: JsonObject, raw: string, ids: RecordIds): JsonObject {
  const eventId = idOf(record.eventID)
  const errorCode = textOf(record.errorCode, eventLimits.statusCodeLength)
  const family = familyOf(record)
  return present({
    id: eventId ? ids.fromKey(eventId, raw) : ids.fromRaw(raw),
    sourceId: eventId,
    ...timeOf(record.eventTime),
    operation: operationOf(record, family),
    family,
    actor: actorOf(record),
    targets: targetsOf(record),
    status: statusOf(errorCode, record),
    statusCode: errorCode,
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

function metadataOf(record: JsonObject): JsonObject {
  return present({
    awsRegion: textOf(record.awsRegion, 100),
    eventType: textOf(record.eventType, 100),
    eventCategory: textOf(record.eventCategory, 100),
    readOnly: typeof record.readOnly === "boolean" ? record.readOnly : undefined,
  })
}

/** `s3.amazonaws.com` is the family `s3`. */
function familyOf(record: JsonObject): string {
  const [service = ""] = (textOf(record.eventSource, eventLimits.familyLength) ?? "").split(".")
  return wordsOf(service) || "aws"
}

function operationOf(record: JsonObject, family: string): string {
  const event = wordsOf(textOf(record.eventName, eventLimits.operationLength) ?? "") || "unknown"
  return operationName(`${family}.${event}`, "aws")
}

const refusals =
  /AccessDenied|Unauthorized|NotAuthorized|Forbidden|Blocked|AuthFailure|InvalidClientTokenId|ExpiredToken|SignatureDoesNotMatch/i

/** A console sign-in says its outcome in the answer, not in an error code. */
function statusOf(errorCode: string | undefined, record: JsonObject): string {
  if (errorCode !== undefined) return refusals.test(errorCode) ? "denied" : "failure"
  return Object.values(objectOf(record.responseElements)).includes("Failure") ? "failure" : "success"
}

/** Request parameters that name what was acted on, and the type of target each stands for. */
const namingParameters = [
  ["bucketName", "bucket"],
  ["functionName", "function"],
  ["groupName", "group"],
  ["instanceId", "instance"],
  ["keyId", "key"],
  ["policyArn", "policy"],
  ["roleName", "role"],
  ["roleArn", "role"],
  ["secretId", "secret"],
  ["name", "resource"],
  ["userName", "user"],
] as const

function targetsOf(record: JsonObject): JsonObject[] {
  const named = listOf(record.resources).flatMap(resource => {
    const { ARN, arn, type } = objectOf(resource)
    const id = idOf(ARN) ?? idOf(arn)
    return id === undefined ? [] : [{ type: textOf(type, eventLimits.typeLength) ?? "resource", id }]
  })
  const parameters = objectOf(record.requestParameters)
  const requested = namingParameters.flatMap(([parameter, type]) => {
    const value = parameters[parameter]
    const id = typeof value === "string" ? idOf(value) : undefined
    return id === undefined || named.some(target => target.id === id) ? [] : [{ type, id }]
  })
  return [...named, ...requested].slice(0, eventLimits.targetCount)
}
