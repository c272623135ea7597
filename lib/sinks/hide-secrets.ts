import { Buffer } from "node:buffer"

/** A secret, and the name under which it is shown instead. */
export interface Secret {
  readonly name: string
  readonly value: string
}

export interface Hiding {
  /** What may stand before a secret and a colon in what is encoded, besides the secrets themselves. */
  readonly words?: readonly string[]
  /** A secret with fewer characters is left: it is a part of too many words. */
  readonly least?: number
}

/**
 * Returns a function that replaces secrets in a text by their names in brackets. A receiver may send a secret back as it is or as a part of
 * JSON, HTML or a url, each of which has several spellings of one character, and in base64 or hexadecimal, alone or behind another word and a
 * colon. Whatever is found is replaced at once, the longest secret first, so that a part of one never hides the rest of it.
 */
export function hidingSecrets(
  secrets: readonly Secret[],
  { words = [], least = 4 }: Hiding = {},
): (text: string) => string {
  const found = secrets
    .filter(({ value }) => value.length >= least)
    .flatMap(({ name, value }) =>
      [value, ...encodedForms(value, [...words, ...secrets.map(other => other.value)])].map(form => ({
        name,
        form,
      })),
    )
    .toSorted((one, other) => other.form.length - one.form.length)
  if (found.length === 0) return text => text
  const pattern = new RegExp(found.map(({ form }) => `(${patternOf(form)})`).join("|"), "giu")
  return text =>
    text.replace(pattern, (...match: (string | number | undefined)[]) => {
      const position = match.findIndex((group, at) => at > 0 && group !== undefined)
      return `[${found[position - 1]?.name ?? "secret"}]`
    })
}

function encodedForms(value: string, words: readonly string[]): readonly string[] {
  const plain = [value, ...words.filter(word => word !== "").map(word => `${word}:${value}`)]
  const base64 = plain.flatMap(text => {
    const bytes = Buffer.from(text)
    // Without what fills the end, which is left out here and there.
    return [bytes.toString("base64").replace(/=+$/, ""), bytes.toString("base64url")]
  })
  return [...new Set([...base64, Buffer.from(value).toString("hex")])]
}

/** One character after the other, each in every spelling. */
function patternOf(text: string): string {
  return [...text].map(character => `(?:${spellingsOf(character).join("|")})`).join("")
}

const entities: Readonly<Record<string, string>> = {
  '"': "quot",
  "&": "amp",
  "'": "apos",
  "<": "lt",
  ">": "gt",
}

function spellingsOf(character: string): readonly string[] {
  const code = character.codePointAt(0) ?? 0
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
  const entity = entities[character]
  return [
    // JSON: any character by its code, some behind a backslash.
    units.map(unit => `\\\\u${unit.toString(16).padStart(4, "0")}`).join(""),
    ...(/["\\/]/.test(character) ? [`\\\\\\u{${code.toString(16)}}`] : []),
    // A url, and a form, which has a plus sign for a space.
    [...Buffer.from(character)].map(byte => `%${byte.toString(16).padStart(2, "0")}`).join(""),
    ...(character === " " ? ["\\+"] : []),
    `&#0*${code};`,
    `&#x0*${code.toString(16)};`,
    ...(entity === undefined ? [] : [`&${entity};`]),
    // As it is, after the spellings that begin with it.
    `\\u{${code.toString(16)}}`,
  ]
}
