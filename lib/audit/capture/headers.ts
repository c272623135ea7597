import type { Headers } from "./call"

/** Returns the value of a header, given in lower case. Values of a header that is repeated are joined, as HTTP says. */
export function headerOf(headers: Headers, name: string): string | undefined {
  let found: string | undefined
  for (const [each, value] of headers) {
    if (each.length !== name.length || each.toLowerCase() !== name) continue
    found = found === undefined ? value : `${found}, ${value}`
  }
  return found
}

/** Returns the value of the first of these headers that there is, as an application finds it. */
export function firstHeaderOf(headers: Headers, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = headerOf(headers, name)
    if (value !== undefined) return value
  }
  return undefined
}

/** Returns the value of a cookie of the request; undefined when there is none, or more than one with different values. */
export function cookieOf(headers: Headers, name: string): string | undefined {
  const values = new Set<string>()
  for (const pair of (headerOf(headers, "cookie") ?? "").split(/[;,]/)) {
    const equals = pair.indexOf("=")
    if (equals !== -1 && pair.slice(0, equals).trim() === name) values.add(pair.slice(equals + 1).trim())
  }
  const [value, other] = values
  return other === undefined ? value : undefined
}
