import type { Query } from "./generated/api"

/** What is asked: the documented query string, or its JSON form. */
export type QueryInput = string | Query

/** Longer queries are sent as a body: a url may have 8 KiB and 200 parameters. */
const longest = { characters: 7_000, parameters: 200 }

/** Members of the JSON form that have another name in a query string. */
const renamed: readonly (readonly [member: string, parameter: string])[] = [
  ["excludeToday", "exclude-today"],
  ["asOf", "as-of"],
]

/** A query as a query string, whose parameters are kept as they were written. */
export class QueryText {
  private constructor(private readonly parts: readonly string[]) {}

  /** Throws TypeError for what is neither a query string nor an object. */
  static of(query: QueryInput): QueryText {
    if (typeof query === "string") return new QueryText(partsOf(query))
    if (typeof query !== "object" || query === null || Array.isArray(query))
      throw new TypeError("A query is a query string or an object.")
    return new QueryText(parametersOf(query).map(([name, value]) => `${encoded(name)}=${encoded(value)}`))
  }

  get isLong(): boolean {
    return this.parts.length > longest.parameters || String(this).length > longest.characters
  }

  /** Returns the first value of a parameter. */
  get(name: string): string | undefined {
    return this.entries().find(([given]) => given === name)?.[1]
  }

  has(name: string): boolean {
    return this.get(name) !== undefined
  }

  /** Returns the query with one value of the parameter, in the place of those it had. */
  with(name: string, value: string): QueryText {
    return new QueryText([...this.without(name).parts, `${encoded(name)}=${encoded(value)}`])
  }

  without(name: string): QueryText {
    return new QueryText(this.parts.filter(part => nameOf(part) !== name))
  }

  withDefault(name: string, value: string): QueryText {
    return this.has(name) ? this : this.with(name, value)
  }

  /** Returns the JSON form. What the server does not know stays in it, so that it is refused there. */
  toObject(): Record<string, unknown> {
    const object: Record<string, unknown> = {}
    const sides: Record<"include" | "exclude", Record<string, string[]>> = { include: {}, exclude: {} }
    for (const [name, value] of this.entries()) {
      const member = renamed.find(([, parameter]) => parameter === name)?.[0] ?? name
      if (singles.has(name)) object[member] = typedValue(name, value)
      else {
        const side = name.startsWith("-") ? sides.exclude : sides.include
        const field = name.replace(/^-/, "")
        side[field] = [...(side[field] ?? []), value]
      }
    }
    return { ...object, ...sides }
  }

  toString(): string {
    return this.parts.join("&")
  }

  private entries(): readonly (readonly [string, string])[] {
    return [...new URLSearchParams(String(this))]
  }
}

/** Parameters that are not fields. */
const singles: ReadonlySet<string> = new Set([
  ...["window", "from", "to", "zone", "exclude-today", "text", "order", "limit", "cursor", "as-of"],
])

function typedValue(name: string, value: string): unknown {
  if (name === "limit" || name === "as-of") return /^\d+$/.test(value) ? Number(value) : value
  if (name === "exclude-today") return value === "1" ? true : value === "0" ? false : value
  return value
}

function partsOf(text: string): readonly string[] {
  const parts = text.replace(/^\?/, "").split("&")
  return parts.filter(part => part !== "").map(escaped)
}

/**
 * Returns the part with everything escaped that a url drops or changes in silence: a number sign begins a fragment, tabs and line
 * breaks vanish. What is percent-encoded stays.
 */
function escaped(part: string): string {
  return part.replace(/[^\x21\x22\x24-\x7e]+/gu, encoded)
}

function encoded(text: string): string {
  if (!text.isWellFormed()) throw new TypeError("The query holds half a character, which no event can hold.")
  return encodeURIComponent(text)
}

function nameOf(part: string): string {
  return [...new URLSearchParams(part).keys()][0] ?? ""
}

function parametersOf(query: Query): (readonly [string, string])[] {
  const parameters: (readonly [string, string])[] = []
  for (const [member, value] of Object.entries(query)) {
    if (value === undefined) continue
    if (member === "include" || member === "exclude") parameters.push(...valuesOf(member, value))
    else {
      const name = renamed.find(([known]) => known === member)?.[1] ?? member
      parameters.push([name, typeof value === "boolean" ? (value ? "1" : "0") : String(value)])
    }
  }
  return parameters
}

function valuesOf(side: "include" | "exclude", fields: unknown): (readonly [string, string])[] {
  if (typeof fields !== "object" || fields === null)
    throw new TypeError(`${side} must be an object of lists.`)
  return Object.entries(fields).flatMap(([field, values]) => {
    if (values === undefined) return []
    if (!Array.isArray(values)) throw new TypeError(`${side}.${field} must be a list.`)
    return values.map(value => [side === "exclude" ? `-${field}` : field, String(value)] as const)
  })
}
