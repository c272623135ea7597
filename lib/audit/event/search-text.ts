import { foldText } from "@/lib/audit/fold"
import { sentenceOf } from "./compose-sentence"
import type { EventContent, Target } from "./event"
import { eventLimits } from "./limits"
import { sentenceText } from "./sentence"

/** Parts of an event that a text search covers, in their order in the searched text: names and ids first, sentences last. */
export const searchedParts = [
  "operation",
  "actor",
  "onBehalfOf",
  "source",
  "requestId",
  "targets",
  "sentence",
  "description",
] as const
export type SearchedPart = (typeof searchedParts)[number]

/**
 * How many characters of each part are searched, counted after folding. A part never takes from another one, so a long
 * description hides no name. Only targets, the sentence and the description can exceed their share; targets divide theirs
 * evenly.
 */
export const searchShares: Readonly<Record<SearchedPart, number>> = {
  operation: eventLimits.operationLength,
  actor: 2 * eventLimits.nameLength + eventLimits.idLength,
  onBehalfOf: 2 * eventLimits.nameLength + eventLimits.idLength,
  source: eventLimits.sourceLength,
  requestId: eventLimits.idLength,
  targets: 4_000,
  sentence: 400,
  description: 1_000,
}

/**
 * Begins every search text of this form, so that an earlier form is recognised: those are in lower case, and so is the
 * query text, which therefore never matches the mark. The next form takes the next letter.
 */
export const searchTextMark = "B"

/** Each field is on its own line, so that no match spans two of them. */
const separator = "\n"

/** The searched parts of an event; all of them are known before the time of receipt. */
export type SearchedContent = Pick<
  EventContent,
  "operation" | "description" | "actor" | "targets" | "status" | "requestId" | "source"
>

/** Returns the text that is searched: the mark, then the folded texts of each part, up to its share. */
export function searchText(content: SearchedContent): string {
  const lines = searchedParts.flatMap(part => cutTexts(part, foldedTexts[part](content)))
  return [searchTextMark, ...new Set(lines.filter(line => line !== ""))].join(separator)
}

/** Returns the parts of which an event has more than is searched, in their order. */
export function cutParts(content: SearchedContent): readonly SearchedPart[] {
  const length = (texts: readonly string[]) => texts.reduce((sum, text) => sum + text.length, 0)
  return searchedParts.filter(part => {
    const texts = foldedTexts[part](content)
    return length(cutTexts(part, texts)) < length(texts)
  })
}

/** Returns what a filter by target looks up: for each target its id, and its type and id joined by a colon; each once. */
export function targetKeys(targets: readonly Target[]): readonly string[] {
  return [...new Set(targets.flatMap(({ type, id }) => [id, `${type}:${id}`]))]
}

/** The folded texts of each part, before anything is cut. */
const foldedTexts: Readonly<Record<SearchedPart, (content: SearchedContent) => readonly string[]>> = {
  operation: ({ operation }) => folded([operation]),
  actor: ({ actor: { name, email, id } }) => folded([name, email, id]),
  onBehalfOf: ({ actor: { onBehalfOf: person } }) => folded([person?.name, person?.email, person?.id]),
  source: ({ source }) => folded([source?.ipText]),
  requestId: ({ requestId }) => folded([requestId]),
  targets: ({ targets }) => targets.flatMap(({ name, id }) => folded([name, id])),
  sentence: content => folded([actSentence(content)]),
  description: ({ description }) => folded([description]),
}

/** The sentence that a page shows instead of the catalogue's description, so that what is read can be found. */
function actSentence(content: SearchedContent): string | undefined {
  const sentence = sentenceOf(content)
  return sentence === null ? undefined : sentenceText(sentence)
}

function folded(texts: readonly (string | undefined)[]): readonly string[] {
  return texts.flatMap(text => (text === undefined || text === "" ? [] : foldText(text)))
}

/** Divides the share of the part evenly: what one text does not use goes to the following ones. */
function cutTexts(part: SearchedPart, texts: readonly string[]): readonly string[] {
  let left = searchShares[part]
  return texts.map((text, position) => {
    const share = Math.floor(left / (texts.length - position))
    const shortened = cut(text, share)
    left -= shortened.length
    return shortened
  })
}

/** Never ends with half of a surrogate pair: PostgreSQL could not store it. */
function cut(text: string, length: number): string {
  const shortened = text.slice(0, length)
  return shortened.isWellFormed() ? shortened : shortened.slice(0, -1)
}
