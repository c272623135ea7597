import type { TargetInput } from "@/lib/audit/event/input"
import { isArray, isObject, type JsonValue } from "@/lib/audit/json/value"
import type { Call } from "./call"
import { cleanWord } from "./clean"

/** A created or changed object as an answer names it. */
export interface FoundObject {
  readonly id?: string
  readonly name?: string
}

const idNames = ["id", "Id", "ID", "uid", "_id"]
const objectNames = ["name", "Name", "title", "displayName", "display_name"]
const inside = ["data", "metadata", "Data", "result"]
const mostObjects = 20

/** Returns the objects that an answer names: at the top, under `data`, `metadata` or `result`, or as a list there. */
export function objectsIn(answer: JsonValue | undefined): readonly FoundObject[] {
  if (isArray(answer)) return answer.slice(0, mostObjects).flatMap(item => objectIn(item) ?? [])
  const top = objectIn(answer)
  if (top !== null) return [top]
  if (!isObject(answer)) return []
  for (const name of inside) {
    const member = answer[name]
    const found = isArray(member) ? objectsIn(member) : [objectIn(member) ?? []].flat()
    if (found.length > 0) return found
  }
  return []
}

function objectIn(value: JsonValue | undefined): FoundObject | null {
  if (!isObject(value)) return null
  const metadata = value.metadata
  for (const name of idNames) {
    const id = idText(value[name])
    if (id !== undefined) return { id, name: nameIn(value) }
  }
  // An object of Kubernetes has its id inside `metadata`.
  const inMetadata = isObject(metadata) ? idText(metadata.uid ?? metadata.id) : undefined
  return inMetadata === undefined ? null : { id: inMetadata, name: nameIn(metadata) }
}

/** Returns the name that an object has. */
export function nameIn(value: JsonValue | undefined): string | undefined {
  if (!isObject(value)) return undefined
  return objectNames.map(name => cleanWord(value[name])).find(Boolean)
}

/** Returns an id as text; undefined for anything that is none. */
export function idText(value: JsonValue | undefined): string | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : undefined
  return typeof value === "string" && value.length <= 512 ? cleanWord(value) : undefined
}

/** Returns the last segment of the `Location` of a call that created something. */
export function idOfLocation(location: string | undefined): string | undefined {
  const path = location?.split(/[?#]/, 1)[0]?.replace(/\/+$/, "") ?? ""
  const segment = path.slice(path.lastIndexOf("/") + 1)
  try {
    return idText(decodeURIComponent(segment))
  } catch {
    return idText(segment)
  }
}

/** Returns what an error answer says, wherever APIs use to say it. */
export function messageIn(answer: JsonValue | undefined): string | undefined {
  if (typeof answer === "string") return cleanWord(answer)
  if (!isObject(answer)) return undefined
  const error = answer.error
  const errors = answer.errors
  const first = isArray(errors) ? errors[0] : undefined
  const inner = [error, first].flatMap(each =>
    isObject(each) ? [each.message, each.detail, each.title] : [each],
  )
  const stated = [
    answer.detail,
    answer.message,
    answer.Message,
    ...inner,
    answer.error_description,
    answer.title,
  ]
  return stated.map(text => cleanWord(text)).find(Boolean)
}

/** Returns the objects as targets, each once. */
export function targetsOf(type: string, objects: readonly FoundObject[]): readonly TargetInput[] {
  const seen = new Set<string>()
  return objects.flatMap(({ id, name }) => {
    if (id === undefined || seen.has(id)) return []
    seen.add(id)
    return [name === undefined ? { type, id } : { type, id, name }]
  })
}

/** Returns whether a call that succeeded may have created or changed something. */
export function isChange({ method, status }: Pick<Call, "method" | "status">): boolean {
  return /^(?:POST|PUT|PATCH|DELETE)$/i.test(method) && status !== null && status >= 200 && status < 300
}
