import { isArray, isObject, type JsonObject, type JsonValue } from "@/lib/audit/json/value"
import type { Withheld } from "./call"

/** What an event of a recorded call says of it, as `factsOf` has written it. */
export interface RecordedCall {
  readonly endpoint: string
  readonly profile: string
  readonly level: string
  /** The name of the rule that decided; null: the default of the policy did. */
  readonly rule: string | null
  /** Null: no policy had been fetched yet. */
  readonly policyVersion: number | null
  readonly version?: string
  readonly licenseKey?: string
  readonly state?: "opened" | "closed"
  readonly query?: JsonValue
  readonly request?: JsonValue
  readonly response?: JsonValue
  readonly requestHeaders?: JsonObject
  readonly responseHeaders?: JsonObject
  readonly withheld: readonly Withheld[]
}

const members = new Set(
  "endpoint profile level rule policyVersion version licenseKey state query request response headers withheld".split(
    " ",
  ),
)

/**
 * Returns the recorded call of an event's metadata; null when there is none, or when `call` is something else: any producer may
 * send a member of that name, and nothing of it may be lost from view.
 */
export function recordedCallIn(metadata: JsonObject): RecordedCall | null {
  const { call } = metadata
  if (!isObject(call) || Object.keys(call).some(name => !members.has(name))) return null
  const { endpoint, profile, level, rule, policyVersion, version, licenseKey, state, withheld } = call
  if (typeof endpoint !== "string" || typeof profile !== "string" || typeof level !== "string") return null
  if (!isTextOrNull(rule) || !(policyVersion === null || typeof policyVersion === "number")) return null
  if (!isTextOrNone(version) || !isTextOrNone(licenseKey)) return null
  if (state !== undefined && state !== "opened" && state !== "closed") return null
  const headers = headersIn(call.headers)
  const left = withheldIn(withheld)
  if (headers === null || left === null) return null
  const { query, request, response } = call
  return {
    ...{
      endpoint,
      profile,
      level,
      rule,
      policyVersion,
      version,
      licenseKey,
      state,
      query,
      request,
      response,
    },
    requestHeaders: headers.request,
    responseHeaders: headers.response,
    withheld: left,
  }
}

function isTextOrNull(value: JsonValue | undefined): value is string | null {
  return value === null || typeof value === "string"
}

function isTextOrNone(value: JsonValue | undefined): value is string | undefined {
  return value === undefined || typeof value === "string"
}

function headersIn(value: JsonValue | undefined): { request?: JsonObject; response?: JsonObject } | null {
  if (value === undefined) return {}
  if (!isObject(value)) return null
  const { request, response, ...others } = value
  const isKnown = [request, response].every(each => each === undefined || isObject(each))
  if (!isKnown || Object.keys(others).length > 0) return null
  return { ...(isObject(request) ? { request } : {}), ...(isObject(response) ? { response } : {}) }
}

function withheldIn(value: JsonValue | undefined): readonly Withheld[] | null {
  if (value === undefined) return []
  if (!isArray(value)) return null
  const read = value.flatMap((each): Withheld[] => {
    if (!isObject(each) || typeof each.part !== "string" || typeof each.why !== "string") return []
    const { part, why, bytes } = each
    return [typeof bytes === "number" ? { part, why, bytes } : { part, why }]
  })
  return read.length === value.length ? read : null
}
