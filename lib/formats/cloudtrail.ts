import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { cutInstant } from "@/lib/audit/time/instant"
import { AppError } from "@/lib/errors"
import { actorOf } from "@/lib/formats/cloudtrail-identity"
import { arrayElements } from "@/lib/formats/elements"
import { isObject, listOf, objectOf, parseForeignJson, present, textOf } from "@/lib/formats/foreign-json"
import { type Format, type RecordIds, rawOf } from "@/lib/formats/format"
import { operationName } from "@/lib/formats/operation-name"

const name = "cloudtrail"

/** AWS CloudTrail: a delivered file (`Records`), or one record a line. */
export const cloudtrail: Format = {
  name,
  recognises: value => isObject(value) && (Array.isArray(value.Records) || isRecord(value)),
  *read(text, { ids }) {
    const outermost = parseForeignJson(text)
    const records =
      isObject(outermost) && Array.isArray(outermost.Records) ? arrayElements(text, "Records") : [text.trim()]
    let number = 0
    for (const raw of records) {
      number++
      const position = `record ${number}`
      const record = parseForeignJson(raw)
      if (!isObject(record)) throw new AppError("invalid", `The ${position} is not an object.`)
      yield { position, event: JSON.stringify(eventOf(record, raw, ids)) }
    }
  },
}

function isRecord(value: JsonObject): boolean {
  return "eventName" in value && "eventSource" in value
}

function eventOf(record: JsonObject, raw: string, ids: RecordIds): JsonObject {
  const eventId = textOf(record.eventID, 512)
  const errorCode = textOf(record.errorCode, 64)
  const address = textOf(record.sourceIPAddress, 512)
  return present({
    id: eventId ? ids.fromKey(eventId) : ids.fromRaw(raw),
    sourceId: eventId,
    occurredAt: occurredAtOf(record.eventTime),
    operation: operationOf(record),
    family: familyOf(record),
    actor: actorOf(record),
    targets: targetsOf(record),
    status: statusOf(errorCode, record),
    statusCode: errorCode,
    statusMessage: textOf(record.errorMessage, 2000),
    source: address ? present({ ip: address, userAgent: textOf(record.userAgent, 1024) }) : undefined,
    requestId: textOf(record.requestID, 512),
    metadata: present({
      awsRegion: textOf(record.awsRegion, 100),
      eventType: textOf(record.eventType, 100),
      eventCategory: textOf(record.eventCategory, 100),
      readOnly: typeof record.readOnly === "boolean" ? record.readOnly : undefined,
    }),
    ...rawOf(name, raw),
  })
}

function occurredAtOf(value: JsonValue | undefined): string | undefined {
  const text = textOf(value, 100)
  if (text === undefined) return undefined
  const parsed = cutInstant(text)
  return parsed.ok && !parsed.assumedZone ? parsed.instant : text
}

function familyOf(record: JsonObject): string | undefined {
  const service = textOf(record.eventSource, 200)?.split(".")[0]
  return service === undefined ? undefined : operationName(service)
}

function operationOf(record: JsonObject): string {
  const event = (textOf(record.eventName, 100) ?? "unknown").replaceAll(".", "_")
  return operationName(`${familyOf(record) ?? "aws"}.${event}`)
}

const refusals = /AccessDenied|Unauthorized|Forbidden|Blocked|AuthFailure|InvalidClientTokenId|ExpiredToken/

/** A console sign-in says its outcome in the answer, not in an error code. */
function statusOf(errorCode: string | undefined, record: JsonObject): string {
  if (errorCode !== undefined) return refusals.test(errorCode) ? "denied" : "failure"
  return objectOf(record.responseElements).ConsoleLogin === "Failure" ? "failure" : "success"
}

/** Request parameters that name what was acted on, and the type of target each stands for. */
const namingParameters: Readonly<Record<string, string>> = {
  bucketName: "bucket",
  functionName: "function",
  groupName: "group",
  instanceId: "instance",
  keyId: "key",
  policyArn: "policy",
  roleName: "role",
  roleArn: "role",
  secretId: "secret",
  trailName: "trail",
  userName: "user",
}

function targetsOf(record: JsonObject): JsonObject[] {
  const named = listOf(record.resources).flatMap(resource => {
    const { ARN, arn, type } = objectOf(resource)
    const id = textOf(ARN, 512) ?? textOf(arn, 512)
    return id === undefined ? [] : [{ type: textOf(type, 100) ?? "resource", id }]
  })
  const parameters = objectOf(record.requestParameters)
  const requested = Object.entries(namingParameters).flatMap(([parameter, type]) => {
    const id = textOf(parameters[parameter], 512)
    return id === undefined ? [] : [{ type, id }]
  })
  return [...named, ...requested].slice(0, 20)
}
