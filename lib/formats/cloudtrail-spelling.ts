import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { AppError } from "@/lib/errors"
import { isObject, parseForeignJson } from "./foreign-json"

/** The fields of a record that are read here. Query services for CloudTrail files hand them out in lower case. */
const fields = [
  ...[
    "accessKeyId",
    "accountId",
    "additionalEventData",
    "awsRegion",
    "credentialId",
    "errorCode",
    "errorMessage",
  ],
  ...["eventCategory", "eventID", "eventName", "eventSource", "eventTime", "eventType", "insightDetails"],
  ...[
    "insightType",
    "invokedBy",
    "mfaAuthenticated",
    "onBehalfOf",
    "principalId",
    "readOnly",
    "recipientAccountId",
  ],
  ...[
    "requestID",
    "requestParameters",
    "responseElements",
    "serviceEventDetails",
    "sessionContext",
    "sessionIssuer",
  ],
  ...["sourceIPAddress", "userAgent", "userId", "userIdentity", "userName"],
]
const byLowerCase = new Map(fields.map(field => [field.toLowerCase(), field]))
/** What the service or the caller itself wrote; its names are not CloudTrail's. */
const foreign = new Set([
  "additionalEventData",
  "requestParameters",
  "responseElements",
  "serviceEventDetails",
])
/** Members that hold an object or a list; a table of CloudTrail files has them as JSON texts. */
const structured = new Set([...foreign, "userIdentity", "resources", "insightDetails"])

/** Returns the record with CloudTrail's own spelling of its fields, also inside of its identity, and its parts as values. */
export function inOwnSpelling(record: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => {
      const field = byLowerCase.get(key) ?? key
      const part = structured.has(field) ? unpacked(value) : value
      return [field, foreign.has(field) ? part : spelled(part)]
    }),
  )
}

function spelled(value: JsonValue): JsonValue {
  return isObject(value) ? inOwnSpelling(value) : value
}

/** Returns the value that a text of JSON holds; any other value as it is. */
function unpacked(value: JsonValue): JsonValue {
  if (typeof value !== "string" || !/^\s*[{[]/.test(value)) return value
  try {
    return parseForeignJson(value)
  } catch (error) {
    if (error instanceof AppError) return value
    throw error
  }
}

/** Returns the member of that name in whatever case; undefined when there is none. */
export function caseless(object: JsonObject, name: string): JsonValue | undefined {
  const wanted = name.toLowerCase()
  return Object.entries(object).find(([key]) => key.toLowerCase() === wanted)?.[1]
}
