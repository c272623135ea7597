import type { ForeignRecord } from "@/lib/formats/engine/record"

type Path = readonly string[]

/** Returns the paths of all values in a value, its own first. */
export function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, member]) => pathsIn(member, [...path, key]))]
}

/** Returns the value with another one at the path. */
export function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by
  if (Array.isArray(value))
    return value.map((each, at) => (String(at) === key ? replaced(each, rest, by) : each))
  return Object.fromEntries(
    Object.entries(Object(value)).map(([name, each]) => [
      name,
      name === key ? replaced(each, rest, by) : each,
    ]),
  )
}

/** Returns each path that a part of a mapping reads as far as it says; below `each`, from the list on. */
export function pathsOf(part: unknown, prefix = ""): string[] {
  if (typeof part === "string")
    return [...part.matchAll(/\{([^{}?]+)\??\}/g)]
      .map(([, path]) => path ?? "")
      .concat(part.includes("{") ? [] : [part])
      .map(path => prefix + path)
  if (typeof part === "function")
    return "paths" in part && Array.isArray(part.paths) ? part.paths.map(path => `${prefix}${path}`) : []
  if (Array.isArray(part)) return part.flatMap(each => pathsOf(each, prefix))
  if (typeof part !== "object" || part === null) return []
  const { each, epochs: _, ...others } = Object(part)
  const below = typeof each === "string" ? `${each}[].` : ""
  return [
    ...(below === "" ? [] : [each]),
    ...Object.values(others).flatMap(value => pathsOf(value, prefix + below)),
  ]
}

/** Asks a record for each of the paths, also for those that a mapping would not need here. */
export function ask(record: ForeignRecord, paths: readonly string[]): void {
  for (const path of paths) {
    const [list = "", ...below] = path.split("[].")
    if (below.length === 0) record.at(path)
    else for (const part of record.each(list)) part.at(below.join("[]."))
  }
}
