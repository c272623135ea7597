import type { z } from "zod"

type RawIssue = z.core.$ZodRawIssue

/**
 * Returns a message for an invalid value where its schema has none; the validator's own messages name its types and
 * operators. Undefined = there is no better message.
 */
export function wordsOf(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "This is missing." : `Give ${nameOf(issue.expected)}.`
    case "invalid_value":
      return issue.input === undefined
        ? `This is missing; one of: ${listOf(issue.values)}.`
        : `Give one of: ${listOf(issue.values)}.`
    case "too_small":
      return `Give ${issue.inclusive === false ? "more than" : "at least"} ${amountOf(issue.minimum, issue.origin)}.`
    case "too_big":
      return `Give ${issue.inclusive === false ? "less than" : "at most"} ${amountOf(issue.maximum, issue.origin)}.`
    case "not_multiple_of":
      return `Give a multiple of ${issue.divisor}.`
    case "invalid_format":
      return formats[issue.format] === undefined ? "This has another form." : `Give ${formats[issue.format]}.`
    case "invalid_union":
    case "invalid_element":
    case "invalid_key":
      return "This does not fit."
    default:
      return undefined
  }
}

const formats: Readonly<Record<string, string>> = {
  uuid: "an id (a UUID)",
  guid: "an id (a UUID)",
  email: "an email address, like ada@example.com",
  url: "a URL",
  datetime: "an instant, like 2027-01-31T12:00:00Z",
  date: "a day, like 2027-01-31",
  json_string: "JSON",
}

const types: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "an object",
  record: "an object",
  null: "null",
}

function nameOf(type: string): string {
  return types[type] ?? "a value of another type"
}

function listOf(values: readonly unknown[]): string {
  return values.map(String).join(", ")
}

function amountOf(bound: number | bigint, origin: string): string {
  const unit: Readonly<Record<string, readonly [string, string]>> = {
    string: ["character", "characters"],
    array: ["entry", "entries"],
    set: ["entry", "entries"],
  }
  const words = unit[origin]
  return words === undefined ? String(bound) : `${bound} ${Number(bound) === 1 ? words[0] : words[1]}`
}
