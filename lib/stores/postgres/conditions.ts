import { type Status, statuses } from "@/lib/audit/event/event"
import { foldText } from "@/lib/audit/fold"
import { type FieldName, fieldNames } from "@/lib/audit/query/fields"
import type { FieldValues, Scope, Selection } from "@/lib/audit/query/selection"
import { equalTo, type QueryValue } from "@/lib/audit/query/value"
import { AppError } from "@/lib/errors"
import { all, any, type Sql, sql } from "./sql"

/** The code of an event, 0 for none, also where the column is still to be filled. */
export const codeOfEvent = sql`(CASE
  WHEN operation_code IS NOT NULL THEN operation_code
  WHEN body LIKE '%"operationCode":%' THEN coalesce((body::json ->> 'operationCode')::integer, 0)
  ELSE 0 END)`

type Values = readonly QueryValue[]

/** How PostgreSQL finds the events with any of some values of a field. */
interface FieldCondition {
  readonly matches: (values: Values, database: KnownDatabase) => Sql
  /** Whether an index finds them. If not, events are read one after another, a bounded number per step. */
  readonly isIndexed: (values: Values, database: KnownDatabase) => boolean
}

const always = () => true

const fieldConditions = {
  app: { matches: values => isAnyOf(sql`app_id`, values, sql`uuid`), isIndexed: always },
  operation: {
    matches: values => isAnyOf(sql`operation`, values, sql`text`),
    // No index finds names by their end.
    isIndexed: values => !values.some(({ is }) => is === "suffix"),
  },
  code: {
    matches: (values, { hasCodes }) => hasCode(values, hasCodes),
    // Its index holds the events that have one.
    isIndexed: (values, { hasCodes }) => hasCodes && !values.some(({ value }) => value === noCode),
  },
  status: {
    matches: values => isAnyOf(sql`status`, values, sql`text`),
    // The index covers everything but successes: those are rare; successes are most of the log.
    isIndexed: values => !values.some(({ value }) => value === ("success" satisfies Status)),
  },
  actor: { matches: values => isAnyOf(sql`actor_id`, values, sql`text`), isIndexed: always },
  target: { matches: values => sql`target_keys && ${values.map(equalText)}::text[]`, isIndexed: always },
  ip: { matches: values => isAnyOf(sql`source_ip`, values, sql`inet`), isIndexed: always },
  request: { matches: values => isAnyOf(sql`request_id`, values, sql`text`), isIndexed: () => false },
} satisfies Record<FieldName, FieldCondition>

/** The conditions of a query, by how they are evaluated. */
export interface Conditions {
  /** Conditions whose events the planner can find by an index. */
  readonly indexed: readonly Sql[]
  /** The condition on the text, which an index can evaluate, although the number of matches is not known in advance. */
  readonly text: Sql | null
  /** Conditions that are tested on one event after another. */
  readonly looked: readonly Sql[]
}

/** What the current database can do. */
export interface KnownDatabase {
  /** Whether its index of text supports letters beyond ASCII. */
  readonly knowsLetters: boolean
  /** False while the column of codes is still to be filled for events of an earlier version. */
  readonly hasCodes: boolean
}

/** Returns the conditions of everything in the query but time range, order and `asOf`, limited to the Scope. */
export function conditionsOf(scope: Scope, selection: Selection, database: KnownDatabase): Conditions {
  const include = narrowed(scope, selection)
  const indexed: Sql[] = []
  const looked: Sql[] = []
  const put = (condition: Sql, isIndexed: boolean) => (isIndexed ? indexed : looked).push(condition)
  for (const field of fieldNames) {
    const values = include[field]
    const condition: FieldCondition = fieldConditions[field]
    if (values) put(condition.matches(values, database), condition.isIndexed(values, database))
    const excluded = selection.exclude[field] ?? []
    // An event without a value does not have an excluded value; for status, `include` expresses it already.
    if (excluded.length > 0 && field !== "status") {
      put(sql`(${condition.matches(excluded, database)}) IS NOT TRUE`, false)
    }
  }
  indexed.push(...ownOnly(scope))
  if (selection.text === null) return { indexed, text: null, looked }
  const text = containsText(selection.text)
  return isIndexedText(selection.text, database)
    ? { indexed, text, looked }
    : { indexed, text: null, looked: [...looked, text] }
}

/** Returns the conditions of the Scope besides its organization, which the views enforce. */
export function coveredBy(scope: Scope): readonly Sql[] {
  return [
    ...(scope.appIds === null ? [] : [fieldConditions.app.matches(scope.appIds.map(equalTo))]),
    ...ownOnly(scope),
  ]
}

function ownOnly({ actorId }: Scope): readonly Sql[] {
  return actorId === null ? [] : [fieldConditions.actor.matches([equalTo(actorId)])]
}

/** The wanted values, limited by the Scope's apps, with excluded statuses replaced by the other ones. */
function narrowed(scope: Scope, selection: Selection): FieldValues {
  const { app, status, ...include } = selection.include
  const { appIds } = scope
  const apps =
    appIds === null ? app : (app ?? appIds.map(equalTo)).filter(({ value }) => appIds.includes(value))
  const excluded = (selection.exclude.status ?? []).map(equalText)
  const wanted = (status?.map(equalText) ?? statuses).filter(one => !excluded.includes(one))
  return {
    ...include,
    ...(apps && { app: apps }),
    ...(wanted.length < statuses.length && { status: wanted.map(equalTo) }),
  }
}

/** `search_text` is folded. `%`, `_` and `\` mean themselves, also where folding made them of other characters. */
export function containsText(text: string): Sql {
  return sql`search_text LIKE ${`%${escapeLike(foldText(text))}%`}::text`
}

function escapeLike(text: string): string {
  return text.replaceAll(/[%_\\]/g, "\\$&")
}

const asciiWord = /[a-z0-9]{3}/
const word = /[\p{L}\p{Nd}]{3}/u

/** The index stores groups of three consecutive letters or digits; a text without such a group cannot be looked up. */
export function isIndexedText(text: string, { knowsLetters }: Pick<KnownDatabase, "knowsLetters">): boolean {
  return (knowsLetters ? word : asciiWord).test(foldText(text))
}

/** Returns whether, for this text, it matters which characters the database considers letters. */
export function isLetterText(text: string | null): boolean {
  if (text === null) return false
  const folded = foldText(text)
  return word.test(folded) && !asciiWord.test(folded)
}

/** The value that means events without a code. */
const noCode = "0"

/**
 * The column is 0 for an event without a code. It is null for one of an earlier version, until it is filled from the content,
 * which is read instead while that goes on.
 */
function hasCode(values: Values, isFilled: boolean): Sql {
  const codes = values.map(value => Number(equalText(value)))
  if (!isFilled) return sql`${codeOfEvent} = ANY(${codes}::integer[])`
  const some = codes.filter(code => code > 0)
  return any([
    // The first comparison is that of the partial index.
    ...(some.length === 0
      ? []
      : [sql`(operation_code > 0 AND ${equalsAny(sql`operation_code`, some, sql`integer`)})`]),
    ...(some.length === codes.length ? [] : [sql`coalesce(operation_code, 0) = 0`]),
  ])
}

function isAnyOf(column: Sql, values: Values, type: Sql): Sql {
  const equals = values.filter(({ is }) => is === "equal").map(equalText)
  const others = values.filter(({ is }) => is !== "equal")
  return any([
    ...(equals.length > 0 ? [equalsAny(column, equals, type)] : []),
    ...others.map(value => compares(column, value, type)),
  ])
}

function equalsAny(column: Sql, values: readonly (string | number)[], type: Sql): Sql {
  // One value as an equation: only then does an index return its events in the order of time.
  return values.length === 1
    ? sql`${column} = ${values[0]}::${type}`
    : sql`${column} = ANY(${values}::${type}[])`
}

function compares(column: Sql, compared: QueryValue, type: Sql): Sql {
  switch (compared.is) {
    case "equal":
      return equalsAny(column, [compared.value], type)
    case "prefix":
      return sql`(${column} >= ${compared.value}::${type} AND ${column} < ${afterPrefix(compared.value)}::${type})`
    case "suffix":
      return sql`${column} LIKE ${`%${escapeLike(compared.value)}`}::${type}`
    case "range":
      return sql`(${column} >= ${compared.first}::${type} AND ${column} <= ${compared.last}::${type})`
  }
}

/** Every prefix ends with a dot. In byte order "/" follows ".": what begins with the prefix is between the two. */
function afterPrefix(prefix: string): string {
  if (!prefix.endsWith(".")) throw new AppError("internal", "A prefix without a dot reached the store.")
  return `${prefix.slice(0, -1)}/`
}

/** Returns the text that events must have. Throws for another comparison, which the field does not declare. */
function equalText({ is, value }: QueryValue): string {
  if (is !== "equal")
    throw new AppError("internal", "A comparison that the field cannot do reached the store.")
  return value
}

/** Returns the conditions that no ordinary index evaluates, to be tested on the events found. */
export function triedOf({ text, looked }: Conditions, asOf: number | null): readonly Sql[] {
  return [...(text ? [text] : []), ...looked, ...belowSize(asOf)]
}

/** Returns all conditions of a query, for statements without a bound. */
export function allOf(conditions: Conditions, asOf: number | null): Sql {
  return all([...conditions.indexed, ...triedOf(conditions, asOf)])
}

/** Returns the condition that an event existed at the time of the query; none for a query as of now. */
export function belowSize(asOf: number | null): readonly Sql[] {
  return asOf === null ? [] : [sql`index < ${asOf}::bigint`]
}

/** Returns whether the reader sees all of the organization's log. */
export function seesAll({ appIds, actorId }: Scope): boolean {
  return appIds === null && actorId === null
}
