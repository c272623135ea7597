import { isChange, messageIn } from "@/lib/audit/capture/answer"
import type { Call, CallStart } from "@/lib/audit/capture/call"
import { actingFor, callerByAuthorization, personNamed } from "@/lib/audit/capture/caller"
import { cleanText, cleanWord } from "@/lib/audit/capture/clean"
import { headerOf } from "@/lib/audit/capture/headers"
import { operationOf } from "@/lib/audit/capture/operations"
import { normalisePath } from "@/lib/audit/capture/paths"
import { readBody } from "@/lib/audit/capture/read-body"
import { isObject, type JsonValue, present } from "@/lib/audit/json/value"
import { generic, genericEndpoint, segmentsOf } from "./generic"
import type { Description, Profile } from "./profile"

/** The API of Kubernetes: endpoints are the resource and the verb of its own audit log, such as `pods.exec.create`. */
export const kubernetes: Profile = {
  name: "kubernetes",
  endpointOf(start) {
    const request = resourceRequest(start)
    return request === null
      ? genericEndpoint(start)
      : { endpoint: cleanText(endpointNameOf(request)), version: request.version }
  },
  needs: start => ({
    request: false,
    response: resourceRequest(start) !== null || generic.needs(start).response,
  }),
  describe(call) {
    const request = resourceRequest(call)
    if (request === null) return generic.describe(call)
    const answer = readBody(call.responseBody)
    return present({
      operation: operationOf(endpointNameOf(request).split(".")),
      targets: isChange(call) ? targetsIn(request, answer) : [],
      message: call.status !== null && call.status >= 400 ? messageIn(answer) : undefined,
    })
  },
  callerOf(call) {
    return actingFor(call, callerByAuthorization(call), impersonated(call))
  },
}

export interface ResourceRequest {
  /** `v1`, or with its group `apps/v1`. */
  readonly version: string
  readonly namespace?: string
  readonly resource: string
  readonly name?: string
  readonly subresource?: string
  readonly verb: string
}

const root = /^\/(?:api\/(v\d\w*)|apis\/([a-z0-9.-]+\/v\d\w*))(?:\/(.*))?$/
const label = /^[a-z][a-z0-9.-]*$/

/** Returns what a path asks of which resource, by the rules of the API server; null for a path that names no resource. */
export function resourceRequest(start: CallStart): ResourceRequest | null {
  const { path, isSuspicious } = normalisePath(start.path)
  const [, core, grouped, rest = ""] = (!isSuspicious && root.exec(path)) || []
  const version = core ?? grouped
  if (version === undefined) return null
  const parts = [...segmentsOf(rest)]
  const isWatchPath = parts[0] === "watch" && parts.length > 1
  if (isWatchPath) parts.shift()
  let namespace: string | undefined
  // `namespaces/x/status` is about the namespace; `namespaces/x/pods` is about what is in it.
  if (parts[0] === "namespaces" && parts.length > 2 && !/^(?:status|finalize)$/.test(parts[2] ?? "")) {
    namespace = decoded(parts[1])
    parts.splice(0, 2)
  }
  const [resource, name, subresource] = parts
  if (resource === undefined || !label.test(resource)) return null
  const isWatch = isWatchPath || /(?:^|&)watch=(?:true|1|)(?:&|$)/i.test(start.query ?? "")
  return present({
    version,
    namespace,
    resource,
    name: decoded(name),
    subresource: subresource !== undefined && label.test(subresource) ? subresource : undefined,
    verb: verbOf(start.method, name !== undefined, isWatch),
  })
}

function verbOf(method: string, isNamed: boolean, isWatch: boolean): string {
  switch (method.toUpperCase()) {
    case "GET":
    case "HEAD":
      return isWatch ? "watch" : isNamed ? "get" : "list"
    case "POST":
      return "create"
    case "PUT":
      return "update"
    case "DELETE":
      return isNamed ? "delete" : "deletecollection"
    default:
      return method.toLowerCase()
  }
}

function endpointNameOf({ resource, subresource, verb }: ResourceRequest): string {
  return [resource, subresource, verb].filter(Boolean).join(".")
}

/** The uid that the answer names; else the name, which is recorded only where names are. */
function targetsIn(request: ResourceRequest, answer: JsonValue | undefined): Description["targets"] {
  const { resource, namespace } = request
  const object = isObject(answer) ? answer : {}
  const metadata = isObject(object.metadata) ? object.metadata : {}
  const details = isObject(object.details) ? object.details : {}
  const id = cleanWord(metadata.uid ?? details.uid)
  const name = cleanWord(metadata.name) ?? cleanWord(details.name) ?? cleanWord(request.name)
  if (id !== undefined) return [present({ type: resource, id, name })]
  if (name === undefined) return []
  return [
    { type: resource, id: namespace === undefined ? name : `${namespace}/${name}`, name, isNamed: true },
  ]
}

function impersonated({ headers }: Call) {
  const groups = cleanWord(headerOf(headers, "impersonate-group"))
  const uid = cleanWord(headerOf(headers, "impersonate-uid"))
  const attributes = groups === undefined && uid === undefined ? undefined : present({ groups, uid })
  return personNamed(headerOf(headers, "impersonate-user"), attributes as Record<string, string> | undefined)
}

function decoded(segment: string | undefined): string | undefined {
  try {
    return segment === undefined ? undefined : decodeURIComponent(segment)
  } catch {
    return segment
  }
}
