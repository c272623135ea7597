import {
  type FoundObject,
  idOfLocation,
  isChange,
  messageIn,
  objectsIn,
  targetsOf,
} from "@/lib/audit/capture/answer"
import type { Call, CallStart } from "@/lib/audit/capture/call"
import { callerByAuthorization } from "@/lib/audit/capture/caller"
import { headerOf } from "@/lib/audit/capture/headers"
import { operationOf, otherOperation } from "@/lib/audit/capture/operations"
import { normalisePath } from "@/lib/audit/capture/paths"
import { readBody } from "@/lib/audit/capture/read-body"
import { remembering } from "@/lib/audit/capture/remember"
import type { TargetInput } from "@/lib/audit/event/input"
import type { Endpoint, Profile } from "./profile"

/** Any HTTP API: what its paths, methods and answers say by the habits of such APIs. */
export const generic: Profile = {
  name: "generic",
  endpointOf: genericEndpoint,
  needs: ({ method }) => ({ request: false, response: /^(?:POST|PUT|PATCH)$/i.test(method) }),
  describe(call) {
    const { endpoint } = genericEndpoint(call)
    const answer = readBody(call.responseBody)
    return {
      operation: genericOperation(call.method, endpoint),
      targets: isChange(call) ? changedObjects(call, endpoint, objectsIn(answer)) : [],
      ...(call.status !== null && call.status >= 400 ? { message: messageIn(answer) } : {}),
    }
  },
  callerOf: callerByAuthorization,
}

const isVersion = /^v\d+(?:\.\d+)?$/i
/** A word of a path, as people choose them; anything else is taken for the id of something. */
const word = /^[a-z_][a-z_.-]{0,39}\d{0,2}$/i
const identifier = /^(?:[0-9a-f]{8,}|\{.*\})$/i

/** The endpoint of a path that another reader may understand differently: no rule takes it for the one that it looks like. */
export const unclearEndpoint = "unclear path"
const mostSegments = 12

/** Returns the route that a framework knows, or else the path with `{id}` for its ids; without a version either way. */
export function genericEndpoint({ path, route }: Pick<CallStart, "path" | "route">): Endpoint {
  if (route === null) return endpointOfPath(path)
  const version = versionOf(path)
  const endpoint = templateOfRoute(route)
  return version === null ? { endpoint } : { endpoint, version }
}

const endpointOfPath = remembering((received: string): Endpoint => {
  const { bare, isSuspicious } = normalisePath(received)
  if (isSuspicious) return { endpoint: unclearEndpoint }
  const version = versionOf(received)
  const endpoint = templateOf(bare)
  return version === null ? { endpoint } : { endpoint, version }
})

function versionOf(received: string): string | null {
  const { path } = normalisePath(received)
  return path.startsWith("/v") ? (/^\/v(\d+(?:\.\d+)?)(?=\/)/.exec(path)?.[1] ?? null) : null
}

function templateOf(path: string): string {
  const segments = segmentsOf(path).map(segment =>
    isWord(segment) || isVersion.test(segment) ? segment : "{id}",
  )
  return `/${segments.slice(0, mostSegments).join("/")}${segments.length > mostSegments ? "/{rest}" : ""}`
}

/** `/v1/invoices/:id`, `/invoices/[id]` and `/invoices/{id}` are one endpoint. */
const templateOfRoute = remembering((route: string): string => {
  const segments = segmentsOf(normalisePath(route.startsWith("/") ? route : `/${route}`).bare)
  const named = segments.map(segment => {
    const name = /^(?::|\[{1,2}(?:\.{3})?|\{|%7B|%5B)?(?:\.{3})?(\w+).*$/i.exec(segment)?.[1]
    return /^(?::|\[|\{|%7B|%5B)/i.test(segment) && name !== undefined ? `{${name}}` : segment
  })
  return `/${named.join("/")}`
})

const prefixes = new Set(["api", "rest"])
/** What a POST to such a path does is not to create something of this name. */
const acts = new Set(
  `accept activate approve archive assign ban block cancel clone close complete confirm connect copy deactivate decline deploy
   disable disconnect duplicate enable execute export import invite join kill leave lock login logout merge move pause ping
   publish query rebuild refresh register reject release remove rename reopen reset resend restart restore resume retry revoke
   rollback rotate run search send share sign start stop submit suspend sync test transfer trigger unarchive unblock unlock
   unpublish unsubscribe update upload validate verify`.split(/\s+/),
)

/** Returns the operation of a method and an endpoint: `invoices.create`, `invoices.approve`, `invoices.lines.read`. */
export function genericOperation(method: string, endpoint: string): string {
  return operationAsked(`${method.length} ${method}${endpoint}`)
}

const operationAsked = remembering((asked: string): string => {
  const space = asked.indexOf(" ")
  const end = space + 1 + Number(asked.slice(0, space))
  return operationFor(asked.slice(space + 1, end), asked.slice(end))
})

function operationFor(method: string, endpoint: string): string {
  if (!endpoint.startsWith("/") || endpoint.includes("%") || endpoint.includes("/.")) return otherOperation
  const words = wordsOf(endpoint)
  if (words.length === 0) return operationOf(["http", verbOf(method)])
  const last = words.at(-1) ?? ""
  const isAct =
    method.toUpperCase() === "POST" && (last.includes(".") || (words.length > 1 && acts.has(last)))
  return operationOf(isAct ? words : [...words.slice(-3), verbOf(method)])
}

function wordsOf(endpoint: string): readonly string[] {
  const words = segmentsOf(endpoint).filter(segment => isWord(segment) && !isVersion.test(segment))
  return words.length > 1 && prefixes.has(words[0]?.toLowerCase() ?? "") ? words.slice(1) : words
}

/** Returns the verb of a method, as the rest of the catalogue says it. */
export function verbOf(method: string): string {
  switch (method.toUpperCase()) {
    case "GET":
      return "read"
    case "POST":
      return "create"
    case "PUT":
    case "PATCH":
      return "update"
    default:
      return method
  }
}

/** Returns what a call has changed: what its answer names, where that is now, and what its path names. */
function changedObjects(call: Call, endpoint: string, found: readonly FoundObject[]): readonly TargetInput[] {
  const type =
    wordsOf(endpoint)
      .filter(each => !acts.has(each))
      .at(-1) ?? "resource"
  const located = call.status === 201 ? idOfLocation(headerOf(call.responseHeaders, "location")) : undefined
  const inPath =
    call.method.toUpperCase() === "POST" && !acts.has(segmentsOf(endpoint).at(-1) ?? "")
      ? undefined
      : idOfPath(call)
  const stated = [located, inPath].flatMap(id => (id === undefined ? [] : [{ id }]))
  return targetsOf(type, [...found, ...stated])
}

function idOfPath(call: Call): string | undefined {
  const { path, isSuspicious } = normalisePath(call.path)
  const last = segmentsOf(path).findLast(segment => !isWord(segment) && !isVersion.test(segment))
  return isSuspicious ? undefined : idOfLocation(last)
}

export function segmentsOf(path: string): readonly string[] {
  return path.split("/").filter(segment => segment !== "")
}

function isWord(segment: string): boolean {
  return word.test(segment) && !identifier.test(segment)
}
