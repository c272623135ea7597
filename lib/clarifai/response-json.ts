import type { JsonValue } from "@/lib/audit/json/value"
import type { ClarifaiAnswer, ClarifaiEntry, ClarifaiStatus, ClarifaiTarget } from "./messages"
import { targetTypeOf } from "./target-types"

/**
 * Returns the JSON form of a response: names in snake_case, enums as numbers, times with six digits. What is empty is left
 * out, except `entries`, `success`, and the lists and the app of a target, which Clarifai's own answers show.
 */
export function responseJson(
  status: ClarifaiStatus,
  { entries }: ClarifaiAnswer,
): { readonly status: ClarifaiStatus; readonly entries: readonly unknown[] } {
  return { status, entries: entries.map(entryJson) }
}

function entryJson({ success, targets, ...entry }: ClarifaiEntry): unknown {
  return { ...filled({ ...entry, targets: targets.map(targetJson) }), success }
}

function targetJson({ type, id, name, appId, lists = {} }: ClarifaiTarget): JsonValue {
  const { hasApp, lists: shown = [] } = targetTypeOf(type) ?? {}
  return {
    [type]: {
      id,
      ...(name && { name }),
      ...(hasApp && { app_id: appId ?? "" }),
      ...Object.fromEntries(shown.map(list => [list, lists[list] ?? []])),
    },
  }
}

/** Returns the same without members that are empty: "", 0, an empty list, an object in which everything is. */
function filled(members: object): object {
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) => {
      const kept = isPlainObject(value) ? filled(value) : value
      return isEmpty(kept) ? [] : [[name, kept]]
    }),
  )
}

function isPlainObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === "" || value === 0) return true
  return Array.isArray(value) ? value.length === 0 : isPlainObject(value) && Object.keys(value).length === 0
}
