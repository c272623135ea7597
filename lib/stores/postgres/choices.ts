import { foldText } from "@/lib/audit/fold"
import { setValues } from "@/lib/audit/query/query"
import type { Scope, Selection } from "@/lib/audit/query/selection"
import type { Choice, Choices, ChoicesRequest } from "@/lib/audit/store"
import type { Tx } from "@/lib/database/tx"
import { countChoices } from "./choices-counted"
import { choicesOfEvent, type FoundChoice } from "./choices-values"
import { walkChoices } from "./choices-walk"
import { type Conditions, seesAll } from "./conditions"
import { readTimePage } from "./page"

const maximumChoices = 200
/** The number of newest events with the typed text in which further values are searched; people wait while they type. */
const maximumRead = 500

/** Returns the query for the events whose values are listed: that of the page, without the field itself. */
export function choicesSelection({ field, selection }: ChoicesRequest): Selection {
  const include = setValues(selection.include, field, [])
  const exclude = setValues(selection.exclude, field, [])
  return { ...selection, include, exclude, order: "newest", asOf: null }
}

/**
 * Returns the same query, limited to events that also contain the typed text; null when nothing is typed, or the query has
 * a text already.
 */
export function typedSelection(request: ChoicesRequest): Selection | null {
  const selection = choicesSelection(request)
  // The text before a colon may be a target's type, which is not part of the searched text.
  const searched =
    request.field === "target" ? request.typed.slice(request.typed.lastIndexOf(":") + 1) : request.typed
  return searched.trim() === "" || selection.text !== null ? null : { ...selection, text: searched }
}

export interface ChoiceConditions {
  /** Of the query. */
  readonly plain: Conditions
  /** Of the query with the typed text; null when there is none. */
  readonly typed: Conditions | null
}

/**
 * Returns the values that occur among the events of the query and contain the typed text in themselves or in their name,
 * newest first. The newest events are counted. When there are more of them, further values come from the newest events that
 * contain the typed text and, when nothing else narrows the query, from a walk through an index.
 */
export async function readChoices(
  tx: Tx,
  scope: Scope,
  request: ChoicesRequest,
  conditions: ChoiceConditions,
): Promise<Choices> {
  const limit = Math.min(request.limit, maximumChoices)
  const selection = choicesSelection(request)
  const counted = await countChoices(tx, request, conditions.plain)
  const isEnough = counted.whole || counted.choices.length >= limit
  const walked = isEnough || !seesAll(scope) || !asksAll(selection) ? [] : await walkChoices(tx, request)
  const read = isEnough || !conditions.typed ? [] : await readTyped(tx, request, conditions.typed)
  // Of several results for a value, the one with a count stays.
  const byValue = new Map([...walked, ...read, ...counted.choices].map(choice => [choice.value, choice]))
  const choices = [...byValue.values()]
    .filter(choice => holds(choice, request.typed))
    .sort((one, other) => order(other.at, one.at) || order(one.value, other.value))
    .slice(0, limit)
    .map(({ at: _at, ...choice }) => choice)
  return { choices, counted: counted.events, whole: counted.whole }
}

/** The values of the newest events that contain the typed text, the newest last: of several names of a value it stays. */
async function readTyped(
  tx: Tx,
  { field, selection }: ChoicesRequest,
  conditions: Conditions,
): Promise<readonly FoundChoice[]> {
  const span = { window: selection.window, order: "newest", after: null } as const
  const { events } = await readTimePage(tx, { ...span, conditions, asOf: null, limit: maximumRead })
  return [...events].reverse().flatMap(event => choicesOfEvent(field, event))
}

/** Returns whether only the time range limits the events. */
function asksAll({ include, exclude, text }: Selection): boolean {
  return text === null && Object.keys({ ...include, ...exclude }).length === 0
}

function holds({ value, label }: Choice, typed: string): boolean {
  const part = foldText(typed)
  return foldText(value).includes(part) || foldText(label ?? "").includes(part)
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
