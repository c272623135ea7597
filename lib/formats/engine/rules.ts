import { countOf, textOf } from "@/lib/formats/foreign-values"
import type { Rule, Slot } from "./mapping"
import type { ForeignRecord } from "./record"
import { fill, pathsOf } from "./slots"

// The rules that mappings use. None makes a text of anything but a text, a number or a boolean: an object of a stranger may bring
// its own `toString`.

/** Returns a rule that says what it reads. */
export function rule(slot: Slot, read: (record: ForeignRecord) => ReturnType<Rule>): Rule {
  return Object.assign(read, { paths: pathsOf(slot) })
}

function wordAt(slot: Slot, record: ForeignRecord): string {
  return fill(slot, record, value => textOf(value, 4000)) ?? ""
}

/** Always this text, where a system leaves out what goes without saying. */
export const always = (text: string): Rule => rule([], () => text)

/** The text there, at most so long; nothing for an object or a list. */
export const text = (slot: Slot, most: number): Rule =>
  rule(slot, record => fill(slot, record, value => textOf(value, most)))

/** What the table has for the word there, whatever its case; nothing for another word. */
export function word(slot: Slot, table: Readonly<Record<string, string>>): Rule {
  const byWord = new Map(Object.entries(table).map(([key, value]) => [key.toLowerCase(), value]))
  return rule(slot, record => byWord.get(wordAt(slot, record).toLowerCase()))
}

/** The result when the text there matches. */
export const like = (slot: Slot, pattern: RegExp, result: string): Rule =>
  rule(slot, record => (pattern.test(wordAt(slot, record)) ? result : undefined))

/** The text there when it looks like this. */
export const matching = (slot: Slot, pattern: RegExp): Rule =>
  rule(slot, record => {
    const written = wordAt(slot, record)
    return written !== "" && pattern.test(written) ? written : undefined
  })

/** The result when there is nothing at the path. */
export const without = (slot: string, result: Slot): Rule =>
  rule([slot, result], record =>
    record.at(slot) === undefined ? fill(result, record, value => value) : undefined,
  )

/** The whole number there, also when it is written as a text. */
export const number = (slot: Slot): Rule =>
  rule(slot, record => {
    const written = wordAt(slot, record)
    return /^\d{1,15}$/.test(written) ? countOf(Number(written)) : undefined
  })

/** The outcome that an HTTP status tells: 401 and 403 are refusals. */
export const httpOutcome = (slot: Slot): Rule =>
  rule(slot, record => {
    const written = wordAt(slot, record)
    if (!/^[1-5]\d\d$/.test(written)) return undefined
    if (written === "401" || written === "403") return "denied"
    return Number(written) < 400 ? "success" : "failure"
  })

/** Members under the names that they have at the end of their path. */
export function named(...paths: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(paths.map(path => [path.slice(path.lastIndexOf(".") + 1), path]))
}
