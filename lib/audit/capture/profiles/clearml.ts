import { idText, targetsOf } from "@/lib/audit/capture/answer"
import type { Call, CallStart } from "@/lib/audit/capture/call"
import {
  actingFor,
  callerByBasic,
  callerByClaims,
  jwtCredential,
  personNamed,
} from "@/lib/audit/capture/caller"
import { cleanWord } from "@/lib/audit/capture/clean"
import { bearerOf, claimsOf, isBelieved } from "@/lib/audit/capture/credentials"
import { cookieOf, firstHeaderOf, headerOf } from "@/lib/audit/capture/headers"
import { operationOf } from "@/lib/audit/capture/operations"
import { outcomeOf } from "@/lib/audit/capture/outcome"
import { normalisePath } from "@/lib/audit/capture/paths"
import { readBody } from "@/lib/audit/capture/read-body"
import type { ActorInput } from "@/lib/audit/event/input"
import { isArray, isObject, type JsonObject, type JsonValue, present } from "@/lib/audit/json/value"
import { generic, genericEndpoint } from "./generic"
import type { Endpoint, Profile } from "./profile"

/** ClearML's API server: `/v2.31/tasks.create` is the endpoint `tasks.create`, and each answer says its result in `meta`. */
export const clearml: Profile = {
  name: "clearml",
  endpointOf: start => serviceCall(start) ?? genericEndpoint(start),
  needs(start) {
    const known = serviceCall(start)
    if (known === null) return generic.needs(start)
    return { request: !isRead(known.endpoint), response: true }
  },
  describe(call) {
    const known = serviceCall(call)
    if (known === null) return generic.describe(call)
    const answer = readBody(call.responseBody)
    const meta = metaOf(answer)
    const code = meta.result_code
    return present({
      operation: operationOf(known.endpoint.split(".")),
      targets:
        isRead(known.endpoint) || !hasSucceeded(call, code) ? [] : targetsIn(call, known.endpoint, answer),
      code: isCode(code) ? code : undefined,
      message: cleanWord(meta.result_msg),
      requestId: cleanWord(meta.id),
    })
  },
  outcomeOf(call) {
    if (serviceCall(call) === null) return undefined
    const code = metaOf(readBody(call.responseBody)).result_code
    return isCode(code) && code >= 400 ? outcomeOf({ status: code, failure: null, state: null }) : undefined
  },
  callerOf(call) {
    const [header, mode] = impersonationOf(call)
    const person = personNamed(header, mode === undefined ? undefined : { impersonation: mode })
    // A refusal may stand in the answer alone.
    const code = metaOf(readBody(call.responseBody)).result_code
    const answered = isCode(code) && isBelieved(call) ? { ...call, status: code } : call
    return actingFor(answered, isBelieved(answered) ? callerIn(call) : null, person)
  },
}

const grammar = /^(?:\/api)?(?:\/v(\d+(?:\.\d+)?))?\/([a-z]\w{0,60}\.[a-z]\w{0,60})$/i

function serviceCall(start: CallStart): Endpoint | null {
  const { path, isSuspicious } = normalisePath(start.path)
  const [, version, endpoint] = (!isSuspicious && grammar.exec(path)) || []
  return endpoint === undefined ? null : present({ endpoint, version })
}

const reading =
  /\.(?:get|ping|hello|list|count|search|stats|scan|download|next|clear_scroll|scalar|vector|multi_task|plots|debug|validate_delete)/i

function isRead(endpoint: string): boolean {
  return reading.test(endpoint)
}

function metaOf(answer: JsonValue | undefined): JsonObject {
  return isObject(answer) && isObject(answer.meta) ? answer.meta : {}
}

function isCode(code: JsonValue | undefined): code is number {
  return typeof code === "number" && Number.isInteger(code) && code >= 100 && code <= 999
}

function hasSucceeded({ status }: Call, code: JsonValue | undefined): boolean {
  const stated = isCode(code) ? code : status
  return stated !== null && stated >= 200 && stated < 300
}

/** `tasks.enqueue` is about the `task` of its request; a created object is the `id` in the data of the answer. */
function targetsIn(call: Call, endpoint: string, answer: JsonValue | undefined) {
  const service = endpoint.slice(0, endpoint.indexOf("."))
  const type = service === "auth" ? "user" : service.replace(/s$/, "")
  const request = readBody(call.requestBody)
  const asked: JsonObject = isObject(request) ? request : {}
  const data = isObject(answer) && isObject(answer.data) ? answer.data : {}
  const name = cleanWord(asked.name)
  const stated: readonly (JsonValue | undefined)[] = [data.id, asked[type], asked[`${type}s`], asked.ids]
  const ids = stated.flatMap((each): readonly (JsonValue | undefined)[] => (isArray(each) ? each : [each]))
  return targetsOf(
    type,
    ids.map(value => ({ id: idText(value), name })),
  )
}

/** The one that ClearML itself takes: its own header before that of its former name. */
function impersonationOf({ headers }: Call): readonly [string | undefined, string?] {
  const impersonated = firstHeaderOf(headers, ["x-clearml-impersonate-as", "x-trains-impersonate-as"])
  if (impersonated !== undefined) return [impersonated, "impersonate-as"]
  return [firstHeaderOf(headers, ["x-clearml-act-as", "x-trains-act-as"]), "act-as"]
}

const cookies = ["clearml_token_basic", "trains_token_basic"]

/** The web application sends its token as a cookie. An authorization goes before it. */
function callerIn(call: Call): ActorInput | null {
  if (headerOf(call.headers, "authorization") !== undefined)
    return callerByToken(bearerOf(call.headers)) ?? callerByBasic(call, "api_key")
  return cookies.map(name => callerByToken(cookieOf(call.headers, name))).find(Boolean) ?? null
}

/** ClearML's tokens name the user, the role and the company in `identity`. */
function callerByToken(token: string | undefined): ActorInput | null {
  const claims = claimsOf(token)
  const identity = claims?.identity
  if (claims === undefined || !isObject(identity)) return callerByClaims(claims)
  const id = cleanWord(identity.user) ?? cleanWord(identity.user_name)
  if (id === undefined) return null
  return present({
    type: "user",
    id,
    name: cleanWord(identity.user_name),
    role: cleanWord(identity.role),
    attributes: present({
      company: cleanWord(identity.company),
      company_name: cleanWord(identity.company_name),
    }) as JsonObject,
    credential: jwtCredential(claims, id),
  } as const)
}
