import { operationByCode } from "@/lib/audit/event/catalogue"
import { statuses } from "@/lib/audit/event/event"
import { parseIpRange } from "@/lib/audit/ip"

/** How a field's values are chosen and compared. */
export type FieldKind = "choice" | "text" | "ip" | "target"

/** A value in its one spelling, or what is wrong with it in words for the reader. */
export type ParsedValue = { readonly value: string } | { readonly fault: string }

/** One attribute by which events can be included or excluded. */
export interface Field {
  readonly label: string
  readonly plural: string
  readonly kind: FieldKind
  /** What a person may type, as an example. */
  readonly hint: string
  /** The closed list of values, when there is one. */
  readonly choices: readonly string[] | null
  /** Whether a store can tell the values that occur (`EventStore.choices`). */
  readonly suggested: boolean
  readonly parse: (text: string) => ParsedValue
}

/** A value longer than this is in no event. */
const maximumValueLength = 1_024

/**
 * Every filterable attribute, each declared once; the key is its name in a query string. Address, API, page and the
 * statements of each store derive from this record, by records over FieldName that do not compile with a piece missing.
 */
export const fields = {
  app: {
    label: "App",
    plural: "Apps",
    kind: "choice",
    hint: "billing",
    choices: null,
    suggested: false,
    parse: parsePlain,
  },
  operation: {
    label: "Operation",
    plural: "Operations",
    kind: "text",
    hint: "workflow.create, workflow.*, *.delete or 400",
    choices: null,
    suggested: true,
    parse: parseOperation,
  },
  status: {
    label: "Status",
    plural: "Statuses",
    kind: "choice",
    hint: statuses.join(", "),
    choices: statuses,
    suggested: false,
    parse: parseStatus,
  },
  actor: {
    label: "Actor",
    plural: "Actors",
    kind: "text",
    hint: "the actor's name or id",
    choices: null,
    suggested: true,
    parse: parsePlain,
  },
  target: {
    label: "Target",
    plural: "Targets",
    kind: "target",
    hint: "workflow:invoices or invoices",
    choices: null,
    suggested: true,
    parse: parsePlain,
  },
  ip: {
    label: "Source IP",
    plural: "Source IPs",
    kind: "ip",
    hint: "203.0.113.7 or 203.0.113.0/24",
    choices: null,
    suggested: true,
    parse: parseIp,
  },
  request: {
    label: "Request",
    plural: "Requests",
    kind: "text",
    hint: "the request's id",
    choices: null,
    suggested: false,
    parse: parsePlain,
  },
} as const satisfies Record<string, Field>

export type FieldName = keyof typeof fields

/** The names of all fields, in the order in which people see them. */
export const fieldNames = Object.keys(fields) as readonly FieldName[]

/** Promise: whether the text names a field. */
export function isFieldName(text: string): text is FieldName {
  return Object.hasOwn(fields, text)
}

/** Promise: what stops a text from being searched for, in words, or null when nothing does. */
export function textFault(text: string): string | null {
  if (text.trim() === "") return "is empty; leave it out to not filter by it"
  if (text.length > maximumValueLength) return `is longer than ${maximumValueLength} characters`
  // NUL is no character to PostgreSQL, and half a surrogate pair is none at all: no event holds either.
  if (text.includes("\0") || !text.isWellFormed()) return "holds a character that no event can hold"
  return null
}

function parsePlain(text: string): ParsedValue {
  const fault = textFault(text)
  return fault === null ? { value: text } : { fault }
}

function parseStatus(text: string): ParsedValue {
  const known: readonly string[] = statuses
  return known.includes(text) ? { value: text } : { fault: `is none of ${statuses.join(", ")}` }
}

/** A name, a family (`workflow.*`), a verb (`*.delete`), or the catalogue's number of a name. */
function parseOperation(text: string): ParsedValue {
  if (/^[0-9]{1,9}$/.test(text)) {
    const known = operationByCode(Number(text))
    return known ? { value: known.name } : { fault: "is no operation's code" }
  }
  const name = isFamily(text) ? text.slice(0, -2) : isVerb(text) ? text.slice(2) : text
  if (name.includes("*")) {
    return {
      fault: "may hold a star only at its end or its beginning, beside a dot, as in workflow.* or *.delete",
    }
  }
  return parsePlain(text)
}

/** Promise: whether an operation value means all operations that begin with what stands before the star. */
export function isFamily(value: string): boolean {
  return value.endsWith(".*") && value.length > 2
}

/** Returns whether an operation value means all operations that end with what stands after the star. */
export function isVerb(value: string): boolean {
  return value.startsWith("*.") && value.length > 2
}

function parseIp(text: string): ParsedValue {
  const range = parseIpRange(text)
  return range
    ? { value: range.text }
    : { fault: "is neither an IP address nor a network such as 203.0.113.0/24" }
}
