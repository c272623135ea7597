import { type FieldName, fieldNames } from "@/lib/audit/query/fields"
import { parseValue } from "@/lib/audit/query/parse-value"
import type { FieldValues } from "@/lib/audit/query/selection"
import { type QueryValue, spellValues } from "@/lib/audit/query/value"

/** Values as a query string has them. */
export type SpelledValues = Readonly<Partial<Record<FieldName, readonly string[]>>>

/** Returns the value that the text means in the field. Throws for a text that means none. */
export function queryValue(field: FieldName, text: string): QueryValue {
  const parsed = parseValue(field, text)
  if ("fault" in parsed) throw new Error(`${field} ${JSON.stringify(text)} ${parsed.fault}`)
  return parsed.value
}

/** Returns the values that the texts mean, in the given order. */
export function valuesOf(spelled: SpelledValues): FieldValues {
  const named = fieldNames.flatMap(field => {
    const texts = spelled[field]
    return texts ? [[field, texts.map(text => queryValue(field, text))] as const] : []
  })
  return Object.fromEntries(named)
}

/** Returns the values as a query string has them. */
export function spelledOf(values: FieldValues): SpelledValues {
  return Object.fromEntries(Object.entries(values).map(([field, each]) => [field, spellValues(each)]))
}
