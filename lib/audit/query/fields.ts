import { statuses } from "@/lib/audit/event/event"

/** How a field's values are parsed (`parse-value.ts`), chosen and compared. */
export type FieldKind = "choice" | "text" | "operation" | "ip" | "target"

/** One attribute by which events can be included or excluded. */
export interface Field {
  readonly label: string
  readonly plural: string
  readonly kind: FieldKind
  /** An example of what a person may type. */
  readonly hint: string
  /** The closed list of values, when there is one. */
  readonly choices: readonly string[] | null
  /** Whether a store can list the values that occur (`EventStore.choices`). */
  readonly suggested: boolean
}

/** No event has a longer value. */
const maximumValueLength = 1_024

/**
 * Every filterable attribute, each declared once; the key is its name in a query string. Url, API, page and the SQL of each
 * store derive from this record, through records over FieldName that do not compile when one is missing.
 */
export const fields = {
  app: {
    label: "App",
    plural: "Apps",
    kind: "choice",
    hint: "billing",
    choices: null,
    suggested: false,
  },
  operation: {
    label: "Operation",
    plural: "Operations",
    kind: "operation",
    hint: "workflow.create, workflow.*, *.delete or 400",
    choices: null,
    suggested: true,
  },
  status: {
    label: "Status",
    plural: "Statuses",
    kind: "choice",
    hint: statuses.join(", "),
    choices: statuses,
    suggested: false,
  },
  actor: {
    label: "Actor",
    plural: "Actors",
    kind: "text",
    hint: "the actor's name or id",
    choices: null,
    suggested: true,
  },
  target: {
    label: "Target",
    plural: "Targets",
    kind: "target",
    hint: "workflow:invoices or invoices",
    choices: null,
    suggested: true,
  },
  ip: {
    label: "Source IP",
    plural: "Source IPs",
    kind: "ip",
    hint: "203.0.113.7 or 203.0.113.0/24",
    choices: null,
    suggested: true,
  },
  request: {
    label: "Request",
    plural: "Requests",
    kind: "text",
    hint: "the request's id",
    choices: null,
    suggested: false,
  },
} as const satisfies Record<string, Field>

export type FieldName = keyof typeof fields

/** The names of all fields, in display order. */
export const fieldNames = Object.keys(fields) as readonly FieldName[]

/** Returns whether the text is the name of a field. */
export function isFieldName(text: string): text is FieldName {
  return Object.hasOwn(fields, text)
}

/** Returns why a text cannot be searched for, in words, or null when it can. */
export function textFault(text: string): string | null {
  if (text.trim() === "") return "is empty; leave it out to not filter by it"
  if (text.length > maximumValueLength) return `is longer than ${maximumValueLength} characters`
  // PostgreSQL text cannot hold NUL, and half a surrogate pair is not a character: no event contains either.
  if (text.includes("\0") || !text.isWellFormed()) return "holds a character that no event can hold"
  return null
}

/** Returns whether an operation value means all operations that begin with the text before the star. */
export function isFamily(value: string): boolean {
  return value.endsWith(".*") && value.length > 2
}

/** Returns whether an operation value means all operations that end with the text after the star. */
export function isVerb(value: string): boolean {
  return value.startsWith("*.") && value.length > 2
}
