import { isolateRuns } from "@/lib/audit/direction"

const mostCharacters = 80

/** Promise: one line without control characters, marks that turn the direction of writing, or doubled spaces. */
export function singleLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ")
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c\ufeff]/g, "")
    .replace(/ {2,}/g, " ")
    .trim()
}

/** Returns one line for the subject of a mail: what isolates the names in it stays, each pair closed. */
export function subjectLine(text: string): string {
  return isolateRuns(singleLine(text))
}

/**
 * Promise: a name that somebody chose, safe to stand in a sentence of ours: one line, not endless, and nothing in it that a
 * mail program would turn into a link: an organization may be called "login.example", but it is not one of our addresses.
 */
export function nameInMail(name: string): string {
  const line = singleLine(name)
  const characters = Array.from(line)
  const short =
    characters.length > mostCharacters ? `${characters.slice(0, mostCharacters - 1).join("")}…` : line
  // A word joiner shows nothing and keeps the two sides together, but no program takes the result for an address.
  return isolateRuns(short.replace(/(?<=\S)(\.|:|\/|@)(?=\S)/g, "$1\u2060"))
}

/** Promise: the text with nothing in it that HTML would understand; good in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}

/** Promise: the names as people list them: `A`, `A and B`, `A, B and C`. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? ""
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`
}

/** Promise: the moment in words that mean the same everywhere: `3 December 2026, 14:05 UTC`. */
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
