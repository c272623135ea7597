/** A piece of a text: plain, or one character that would act or hide invisibly. */
export type Piece =
  | { readonly kind: "plain"; readonly text: string }
  | { readonly kind: "hidden"; readonly text: string; readonly code: string; readonly name: string }

/** Characters with a well-known name; the other hidden ones are named by their code alone. */
const names: Readonly<Record<number, string>> = {
  0: "null",
  8: "backspace",
  13: "carriage return",
  27: "escape",
  127: "delete",
  173: "soft hyphen",
  1564: "Arabic letter mark",
  6158: "Mongolian vowel separator",
  8203: "zero-width space",
  8204: "zero-width non-joiner",
  8205: "zero-width joiner",
  8206: "left-to-right mark",
  8207: "right-to-left mark",
  8232: "line separator",
  8233: "paragraph separator",
  8234: "left-to-right embedding",
  8235: "right-to-left embedding",
  8236: "pop directional formatting",
  8237: "left-to-right override",
  8238: "right-to-left override",
  8288: "word joiner",
  8294: "left-to-right isolate",
  8295: "right-to-left isolate",
  8296: "first strong isolate",
  8297: "pop directional isolate",
  65279: "byte order mark",
}

/**
 * Everything of the categories control, format and surrogate, fillers without a glyph and variation selectors that nobody
 * types; but not tab and newline, nor the few format characters that have a glyph (Arabic number signs).
 */
const hidden =
  /(?![\t\n\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2])(?:[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]|[\u115f\u1160\u3164\uffa0]|[\u{e0100}-\u{e01ef}])/u

/** A joiner inside a composed emoji has a purpose: there it hides nothing. */
const emojiJoiner =
  /(?<=\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]?)\u200d(?=\p{Extended_Pictographic})/gu

/**
 * Returns the text cut into plain pieces and hidden characters (direction controls, zero-width and other control
 * characters). The pieces' texts joined are the text itself.
 */
export function visiblePieces(text: string): readonly Piece[] {
  if (!hidden.test(text)) return text === "" ? [] : [{ kind: "plain", text }]
  const harmless = new Set([...text.matchAll(emojiJoiner)].map(match => match.index))
  const pieces: Piece[] = []
  let plain = ""
  let offset = 0
  for (const character of text) {
    if (hidden.test(character) && !harmless.has(offset)) {
      if (plain !== "") pieces.push({ kind: "plain", text: plain })
      plain = ""
      pieces.push(hiddenPiece(character))
    } else {
      plain += character
    }
    offset += character.length
  }
  if (plain !== "") pieces.push({ kind: "plain", text: plain })
  return pieces
}

/** Returns the text in a form that is safe in a tooltip or a label: hidden characters are written as [U+202E]. */
export function visibleText(text: string): string {
  return visiblePieces(text)
    .map(piece => (piece.kind === "plain" ? piece.text : `[${piece.code}]`))
    .join("")
}

function hiddenPiece(character: string): Piece {
  const point = character.codePointAt(0) ?? 0
  const code = `U+${point.toString(16).toUpperCase().padStart(4, "0")}`
  return { kind: "hidden", text: character, code, name: names[point] ?? "control character" }
}
