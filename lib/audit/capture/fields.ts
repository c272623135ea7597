import { isArray, isObject, type JsonArray, type JsonObject, type JsonValue } from "@/lib/audit/json/value"

/** Names that are kept of an object, and what of each: everything, or some of its own names. */
interface Kept {
  whole: boolean
  readonly names: Map<string, Kept>
}

/**
 * Returns the named fields of a body: top-level names or dotted paths, in exact case. What is not there is absent. Of a list, each
 * element is read. Returns undefined when nothing of it is named.
 */
export function pickFields(value: JsonValue, fields: readonly string[]): JsonValue | undefined {
  const kept: Kept = { whole: false, names: new Map() }
  for (const field of fields) add(kept, field)
  return pick(value, kept)
}

/** A name that holds a dot itself is a path like any other, and a name as it stands. */
function add(kept: Kept, field: string): void {
  enter(kept, field).whole = true
  let at = kept
  const names = field.split(".")
  if (names.length === 1) return
  for (const name of names) at = enter(at, name)
  at.whole = true
}

function enter(kept: Kept, name: string): Kept {
  const known = kept.names.get(name)
  if (known !== undefined) return known
  const made: Kept = { whole: false, names: new Map() }
  kept.names.set(name, made)
  return made
}

function pick(value: JsonValue, kept: Kept): JsonValue | undefined {
  if (kept.whole) return value
  if (isArray(value)) return pickEach(value, kept)
  return isObject(value) ? pickMembers(value, kept) : undefined
}

function pickEach(values: JsonArray, kept: Kept): JsonArray | undefined {
  const picked = values.flatMap(value => {
    const one = pick(value, kept)
    return one === undefined ? [] : [one]
  })
  return picked.length === 0 ? undefined : picked
}

function pickMembers(object: JsonObject, { names }: Kept): JsonObject | undefined {
  const entries = Object.entries(object).flatMap(([name, value]): [string, JsonValue][] => {
    const kept = names.get(name)
    const one = kept && pick(value, kept)
    return one === undefined ? [] : [[name, one]]
  })
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}
