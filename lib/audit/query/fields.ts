import { statuses } from "@/lib/audit/event/event"
import type { Comparison } from "./value"

/** How a field's values are parsed (`parse-value.ts`) and chosen. */
export type FieldKind = "choice" | "text" | "operation" | "code" | "ip" | "target"

/** One attribute by which events can be included or excluded. */
export interface Field {
  readonly label: string
  readonly plural: string
  readonly kind: FieldKind
  /** An example of what a person may type. */
  readonly hint: string
  /** The closed list of values, when there is one. */
  readonly choices: readonly string[] | null
  /** How its values can be compared; a store answers every one of them. */
  readonly comparisons: readonly Comparison[]
  /** Whether a store can list the values that occur (`EventStore.choices`). */
  readonly suggested: boolean
  /** Whether a store can count the events of each value. */
  readonly countable: boolean
  /** Whether events can be ordered by it; today they are ordered by time or by number only. */
  readonly sortable: boolean
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
    comparisons: ["equal"],
    suggested: false,
    countable: false,
    sortable: false,
  },
  operation: {
    label: "Operation",
    plural: "Operations",
    kind: "operation",
    hint: "workflow.create, workflow.*, *.delete or 400",
    choices: null,
    comparisons: ["equal", "prefix", "suffix"],
    suggested: true,
    countable: true,
    sortable: false,
  },
  code: {
    label: "Code",
    plural: "Codes",
    kind: "code",
    hint: "400, or 0 for events without a code",
    choices: null,
    comparisons: ["equal"],
    suggested: true,
    countable: true,
    sortable: false,
  },
  status: {
    label: "Status",
    plural: "Statuses",
    kind: "choice",
    hint: statuses.join(", "),
    choices: statuses,
    comparisons: ["equal"],
    suggested: false,
    countable: false,
    sortable: false,
  },
  actor: {
    label: "Actor",
    plural: "Actors",
    kind: "text",
    hint: "the actor's name or id",
    choices: null,
    comparisons: ["equal"],
    suggested: true,
    countable: true,
    sortable: false,
  },
  target: {
    label: "Target",
    plural: "Targets",
    kind: "target",
    hint: "workflow:invoices or invoices",
    choices: null,
    comparisons: ["equal"],
    suggested: true,
    countable: true,
    sortable: false,
  },
  ip: {
    label: "Source IP",
    plural: "Source IPs",
    kind: "ip",
    hint: "203.0.113.7 or 203.0.113.0/24",
    choices: null,
    comparisons: ["equal", "range"],
    suggested: true,
    countable: true,
    sortable: false,
  },
  request: {
    label: "Request",
    plural: "Requests",
    kind: "text",
    hint: "the request's id",
    choices: null,
    comparisons: ["equal"],
    suggested: false,
    countable: false,
    sortable: false,
  },
} as const satisfies Record<string, Field>

export type FieldName = keyof typeof fields

/** The names of all fields, in display order. */
export const fieldNames = Object.keys(fields) as readonly FieldName[]

/** Fields that can do this, as their declarations say. */
export type FieldThatIs<Ability extends "suggested" | "countable" | "sortable"> = {
  [Name in FieldName]: (typeof fields)[Name][Ability] extends true ? Name : never
}[FieldName]

/** The fields whose occurring values can be listed, in display order. */
export const suggestedFields = fieldNames.filter(isSuggested)

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

function isSuggested(name: FieldName): name is FieldThatIs<"suggested"> {
  return fields[name].suggested
}
