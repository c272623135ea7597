/** A run of text: in the page's direction, or written from right to left and to be isolated from its surroundings. */
export interface Run {
  readonly text: string
  readonly isolated: boolean
}

const rightToLeft =
  "\\p{Script=Hebrew}\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Thaana}\\p{Script=Nko}\\p{Script=Samaritan}\\p{Script=Mandaic}\\p{Script=Adlam}\\p{Script=Hanifi_Rohingya}\\p{Script=Mende_Kikakui}"

/** Invisible characters that change the direction of the following text. */
const turning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

const letter = new RegExp(`[${rightToLeft}]`, "u")
/** From the first such letter to the last one before a letter of another script. */
const run = new RegExp(`[${rightToLeft}](?:(?:(?![${rightToLeft}])\\P{L})*[${rightToLeft}])*`, "gu")
const firstStrong = new RegExp(`[${rightToLeft}]|\\p{L}`, "u")

/** Returns whether a text on its own is read from right to left, decided by its first letter. */
export function isRightToLeft(text: string): boolean {
  return letter.test(firstStrong.exec(text)?.[0] ?? "")
}

/** Returns whether a text has letters that are read from left to right. */
export function hasLeftToRight(text: string): boolean {
  return /\p{L}/u.test(text.replace(new RegExp(`[${rightToLeft}]`, "gu"), ""))
}

/**
 * Returns the runs of one of our sentences that may contain names. Runs from right to left are isolated, so that they never
 * reorder the words around them; invisible direction characters are removed.
 */
export function runsOf(sentence: string): readonly Run[] {
  const text = sentence.replace(turning, "")
  const runs: Run[] = []
  let end = 0
  for (const match of text.matchAll(run)) {
    if (match.index > end) runs.push({ text: text.slice(end, match.index), isolated: false })
    runs.push({ text: match[0], isolated: true })
    end = match.index + match[0].length
  }
  return end < text.length ? [...runs, { text: text.slice(end), isolated: false }] : runs
}

const isolate = { first: "\u2068", last: "\u2069" } as const

/** Returns the same as plain text, for places without elements (mail, toasts): isolating characters enclose the runs. */
export function isolateRuns(sentence: string): string {
  return runsOf(sentence)
    .map(({ text, isolated }) => (isolated ? `${isolate.first}${text}${isolate.last}` : text))
    .join("")
}
