import { eventLimits } from "@/lib/audit/event/limits"
import { isObject } from "@/lib/audit/json/value"
import type { ForeignRecord } from "./engine/record"
import { rule } from "./engine/rules"
import { operationName, textOf, wordsOf } from "./foreign-values"

/** Tells whether a record is an Insight event, which has a detail of its own in the place of a call. */
export function isInsight(record: ForeignRecord): boolean {
  return isObject(record.at("insightDetails")) || record.at("eventCategory") === "Insight"
}

/** Returns why a record is none of CloudTrail; an Insight event has in its detail what every record has. */
export function faultOf(record: ForeignRecord): string | null {
  if (record.raw("digestStartTime") !== undefined && record.raw("logFiles") !== undefined) {
    return "is a digest file of CloudTrail: it holds hashes of log files, and no events"
  }
  const missing = ["eventSource", "eventName"].filter(name => typeof ofCall(name, record) !== "string")
  return missing.length === 0
    ? null
    : `is no record of CloudTrail, which always has eventSource and eventName: without ${missing.join(" and ")}`
}

/** A member of the call that a record is about. */
function ofCall(name: string, record: ForeignRecord) {
  return record.at(isInsight(record) ? `insightDetails.${name}` : name)
}

const call = ["eventSource", "eventName", "insightDetails.eventSource", "insightDetails.eventName"]

/** `s3.amazonaws.com` is the family `s3`. */
export const familyOf = rule(call, record => {
  const [service = ""] = (textOf(ofCall("eventSource", record), eventLimits.familyLength) ?? "").split(".")
  return wordsOf(service) || "aws"
})

export const operationOf = rule(call, record => {
  const written = textOf(ofCall("eventName", record), eventLimits.operationLength) ?? ""
  const family = textOf(familyOf(record), eventLimits.familyLength) ?? ""
  return operationName(`${family}.${wordsOf(written) || "unknown"}`, "aws")
})

/** A sentence of what CloudTrail noticed. */
export const insightOf = rule(
  ["insightDetails.insightType", "insightDetails.errorCode", "insightDetails.state"],
  record => {
    if (!isInsight(record)) return []
    const kind = textOf(record.at("insightDetails.insightType"), 100) ?? "unusual activity"
    const error = textOf(record.at("insightDetails.errorCode"), 100)
    const state = textOf(record.at("insightDetails.state"), 100) ?? "seen"
    return [`CloudTrail Insight: ${kind}${error === undefined ? "" : ` (${error})`}, ${state}`]
  },
)
