/** Any JSON value. */
export type JsonValue = null | boolean | number | string | JsonArray | JsonObject
export type JsonArray = readonly JsonValue[]
export interface JsonObject {
  readonly [key: string]: JsonValue
}

/** Tells whether a value that came from JSON is an object: neither null nor an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** Tells whether a value that came from JSON is an array. */
export function isArray(value: JsonValue | undefined): value is JsonArray {
  return Array.isArray(value)
}

/** Returns the same without the members that are undefined, so that an absent member is absent everywhere. */
export function present<T extends object>(members: T): T {
  const result: Partial<T> = {}
  for (const name in members) {
    if (members[name] === undefined || !Object.hasOwn(members, name)) continue
    // Foreign records may have a member of this name, which is then one like any other.
    if (name === "__proto__") Object.defineProperty(result, name, { ...plain, value: members[name] })
    else result[name] = members[name]
  }
  // The cast: only members whose type allows absence have been left out.
  return result as T
}

const plain = { configurable: true, enumerable: true, writable: true }
