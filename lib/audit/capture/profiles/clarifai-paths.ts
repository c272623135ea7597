import type { CallStart } from "@/lib/audit/capture/call"
import { normalisePath } from "@/lib/audit/capture/paths"
import { type ClarifaiAction, clarifaiActions } from "./clarifai-actions"
import { segmentsOf } from "./generic"

/** A path of Clarifai's API. */
export interface ClarifaiPath {
  /** What follows the user, organization or app that the path begins with. */
  readonly rest: readonly string[]
  readonly user?: string
  readonly app?: string
  readonly organization?: string
  /** The path as an endpoint: without what it begins with, and with `{id}` for ids. */
  readonly endpoint: string
}

/** Objects that a path names, the innermost first. */
export type NamedInPath = readonly { readonly type: string; readonly id: string }[]

/** Returns the parts of a path of the API; null for any other path. */
export function clarifaiPath(start: CallStart): ClarifaiPath | null {
  const { path, isSuspicious } = normalisePath(start.path)
  if (isSuspicious) return null
  const [version, ...segments] = segmentsOf(path)
  if (version !== "v2" || segments.length === 0) return null
  const scope: { user?: string; app?: string; organization?: string } = {}
  // The last two segments are what the path is about, and not where that is.
  const [first, id = ""] = segments
  if ((first === "users" || first === "organizations") && segments.length > 2) {
    scope[first === "users" ? "user" : "organization"] = decoded(id)
    segments.splice(0, 2)
  }
  if (segments[0] === "apps" && segments.length > 2) {
    scope.app = decoded(segments[1] ?? "")
    segments.splice(0, 2)
  }
  return { ...scope, rest: segments, endpoint: endpointOf(segments) }
}

/** Words that follow the name of a collection where an id would be. */
const words = new Set(
  `add aggregate annotations count data_sources extraction generate ids items jobs knowledge_graphs labels logs mappings metrics
   outputs process relations samples searches similarity status stream time_estimate types upload uploads values versions
   workers`.split(/\s+/),
)

function endpointOf(segments: readonly string[]): string {
  let isIdNext = false
  const named = segments.map(segment => {
    const isWord = isIdNext ? words.has(segment) : /^[a-z][a-z_]{0,60}$/.test(segment)
    isIdNext = isWord
    return isWord ? segment : "{id}"
  })
  return `/${named.slice(0, 12).join("/")}`
}

interface Template {
  readonly action: ClarifaiAction
  /** Where the path begins: in an app, in what belongs to a user, in an organization, or nowhere. */
  readonly scope: string
  readonly segments: readonly string[]
}

/** By the method of HTTP and the first segment. Without ids first: `models/ids` is no model. */
const templates: ReadonlyMap<string, readonly Template[]> = templatesOf(clarifaiActions)

function templatesOf(actions: readonly ClarifaiAction[]): ReadonlyMap<string, readonly Template[]> {
  const found = new Map<string, readonly Template[]>()
  for (const action of actions) {
    const [scope = "", ...segments] = action.path.split("/")
    const httpMethod = /^[A-Z][a-z]+/.exec(action.method)?.[0].toUpperCase() ?? ""
    const key = `${httpMethod} ${segments[0]}`
    const made = [...(found.get(key) ?? []), { action, scope, segments }]
    found.set(
      key,
      made.toSorted((one, other) => idsIn(one) - idsIn(other)),
    )
  }
  return found
}

function idsIn({ segments }: Template): number {
  return segments.filter(segment => segment.startsWith("{")).length
}

/** Returns the action of a call, with the objects that its path names; null for a call that is none. */
export function actionOf(
  httpMethod: string,
  path: ClarifaiPath,
): { readonly action: ClarifaiAction; readonly named: NamedInPath } | null {
  const { rest } = path
  for (const { action, scope, segments } of templates.get(`${httpMethod.toUpperCase()} ${rest[0]}`) ?? []) {
    if (segments.length !== rest.length || !isWithin(scope, path)) continue
    const named: { type: string; id: string }[] = []
    const fits = segments.every((segment, at) => {
      const given = rest[at] ?? ""
      if (!segment.startsWith("{")) return segment === given
      named.unshift({ type: segment.slice(1, -1), id: decoded(given) })
      return true
    })
    if (!fits) continue
    if (path.app !== undefined) named.push({ type: "app", id: path.app })
    if (path.organization !== undefined) named.push({ type: "organization", id: path.organization })
    return { action, named }
  }
  return null
}

/** With a key of an app, the path leaves out where the app is. */
function isWithin(scope: string, { user, app, organization }: ClarifaiPath): boolean {
  switch (scope) {
    case "APP":
      return organization === undefined && (app !== undefined || user === undefined)
    case "USER":
      return organization === undefined && app === undefined
    case "ORGANIZATION":
      return organization !== undefined
    default:
      return user === undefined && app === undefined && organization === undefined
  }
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
