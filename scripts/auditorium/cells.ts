import { visibleText } from "@/components/audit-log/values/visible"

/** Returns the text on one line, without a character that a terminal obeys or hides: those are written as [U+001B]. */
export function oneLine(text: string): string {
  return visibleText(text).replace(/[\t\n]/g, character => (character === "\n" ? "[U+000A]" : "[U+0009]"))
}

/** Returns JSON of the same meaning in which control and direction characters are escapes, so that a terminal obeys none of them. */
export function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  )
}

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" })
const plain = /^[ -~]*$/
const zero = /^(?:\p{Mn}|\p{Me}|\u200d|\ufe0f)+$/u
/** East Asian wide and full-width characters, and pictures. */
const wide =
  /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}])/u

/** Returns how many places of a terminal's line the text takes. */
export function widthOf(text: string): number {
  if (plain.test(text)) return text.length
  let width = 0
  for (const { segment } of segmenter.segment(text)) width += widthOfCharacter(segment)
  return width
}

function widthOfCharacter(character: string): number {
  if (zero.test(character)) return 0
  return wide.test(character) ? 2 : 1
}

/** Returns the text in exactly so many places: padded, or cut with an ellipsis between two characters. */
export function fitted(text: string, width: number): string {
  const natural = widthOf(text)
  if (natural <= width) return text + " ".repeat(width - natural)
  let kept = ""
  let used = 0
  for (const { segment } of segmenter.segment(text)) {
    const next = widthOfCharacter(segment)
    if (used + next > width - 1) break
    kept += segment
    used += next
  }
  return `${kept}…${" ".repeat(width - 1 - used)}`
}
