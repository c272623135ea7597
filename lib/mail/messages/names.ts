import { isolateRuns } from "@/lib/audit/direction"

const mostCharacters = 80

/** Returns one line without control characters, characters that change the writing direction, or doubled spaces. */
export function singleLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ")
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c\ufeff]/g, "")
    .replace(/ {2,}/g, " ")
    .trim()
}

/** Returns one line for the subject of a mail, with the isolating characters around names kept and each pair closed. */
export function subjectLine(text: string): string {
  return isolateRuns(singleLine(text))
}

/**
 * Returns a name that somebody chose in a form that is safe in our sentences: one line, limited in length, without anything
 * that a mail program would turn into a link. An organization may be called "login.example", but that is not one of our
 * urls.
 */
export function nameInMail(name: string): string {
  return wordsInMail(name, mostCharacters)
}

/** The same for words from elsewhere (the answer of a receiver), with a length of their own. */
export function wordsInMail(name: string, most: number): string {
  const line = singleLine(name)
  const characters = Array.from(line)
  const short = characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : line
  // A word joiner is invisible and keeps the two sides together, but no program takes the result for a url.
  return isolateRuns(short.replace(/(?<=\S)(\.|:|\/|@)(?=\S)/g, "$1\u2060"))
}

/** Returns the text with all HTML syntax escaped, for elements and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}

/** Returns the names as a list in words: `A`, `A and B`, `A, B and C`. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? ""
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`
}

/** Returns the time in unambiguous words: `3 December 2026, 14:05 UTC`. */
export function momentInMail(at: Date): string {
  const day = at.toLocaleDateString("en-GB", {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  })
  const time = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" })
  return `${day}, ${time} UTC`
}
