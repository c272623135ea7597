import { isArray, isObject, type JsonValue } from "@/lib/audit/json/value"

/**
 * Returns what `filter_path` leaves of an answer: paths of names joined by dots, with `*` for any name. Arrays are gone through
 * without a name of their own, and what is left empty disappears.
 */
export function filtered(body: JsonValue, paths: readonly string[]): JsonValue {
  return (
    kept(
      body,
      paths.map(path => path.split(".")),
    ) ?? {}
  )
}

function kept(value: JsonValue, paths: readonly (readonly string[])[]): JsonValue | undefined {
  if (paths.some(path => path.length === 0)) return value
  if (isArray(value)) {
    const elements = value.map(one => kept(one, paths)).filter(one => one !== undefined)
    return elements.length === 0 ? undefined : elements
  }
  if (!isObject(value)) return undefined
  const members = Object.entries(value).flatMap(([name, member]) => {
    const inside = paths.filter(([first]) => first === name || first === "*").map(([, ...rest]) => rest)
    const left = inside.length === 0 ? undefined : kept(member, inside)
    return left === undefined ? [] : [[name, left] as const]
  })
  return members.length === 0 ? undefined : Object.fromEntries(members)
}
