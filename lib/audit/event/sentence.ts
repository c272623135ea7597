import type { Person } from "./event"

/**
 * A sentence in pieces: our words at 0, 2, 4 ..., values of the event at 1, 3, 5 .... Kept apart so that a page can isolate
 * each value: its writing direction must not reorder the words around it.
 */
export type Pieces = readonly string[]

/** What an event says, for readers. Joined, `who` and `did` are one sentence without a full stop. */
export interface Sentence {
  /** "Ines Moreau ". */
  readonly who: Pieces
  /** "deleted model pallet-detector". */
  readonly did: Pieces
}

/** Returns a sentence as plain text. */
export function sentenceText({ who, did }: Sentence): string {
  return [...who, ...did].join("")
}

/** Returns the words by which people know somebody: their name, else their email, else their id. */
export function labelOf({ name, email, id }: Pick<Person, "name" | "email" | "id">): string {
  return [name, email].find(text => text !== undefined && text.trim() !== "") ?? id
}
