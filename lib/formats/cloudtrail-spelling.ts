import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { isObject } from "./foreign-json"

/** The fields of a record that are read here. Query services for CloudTrail files hand them out in lower case. */
const fields = [
  "accessKeyId",
  "accountId",
  "awsRegion",
  "errorCode",
  "errorMessage",
  "eventCategory",
  "eventID",
  "eventName",
  "eventSource",
  "eventTime",
  "eventType",
  "invokedBy",
  "mfaAuthenticated",
  "principalId",
  "readOnly",
  "recipientAccountId",
  "requestID",
  "requestParameters",
  "responseElements",
  "sessionContext",
  "sessionIssuer",
  "sourceIPAddress",
  "userAgent",
  "userIdentity",
  "userName",
]
const byLowerCase = new Map(fields.map(field => [field.toLowerCase(), field]))
/** What the caller itself wrote; its names are not CloudTrail's. */
const foreign = new Set(["requestParameters", "responseElements"])

/** Promise: the record with CloudTrail's own spelling of its fields, also inside of its identity. */
export function inOwnSpelling(record: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => {
      const field = byLowerCase.get(key) ?? key
      return [field, foreign.has(field) ? value : spelled(value)]
    }),
  )
}

function spelled(value: JsonValue): JsonValue {
  return isObject(value) ? inOwnSpelling(value) : value
}
