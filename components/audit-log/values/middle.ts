/** How many of a text's last characters stay visible when its middle is cut. */
export const tailLength = 6

/**
 * Returns the text as head and tail, so that a narrow cell can cut the end of the head and keep the tail: ids differ at
 * their ends. Head and tail joined are the text itself; a surrogate pair or a combined character is never split.
 */
export function splitMiddle(
  text: string,
  tail = tailLength,
): { readonly head: string; readonly tail: string } {
  const characters = graphemes(text)
  if (characters.length <= tail * 2) return { head: text, tail: "" }
  return { head: characters.slice(0, -tail).join(""), tail: characters.slice(-tail).join("") }
}

/** Returns at most `max` characters, with the middle replaced by one ellipsis when there are more. */
export function truncateMiddle(text: string, max: number): string {
  const characters = graphemes(text)
  if (characters.length <= max) return text
  const tail = Math.min(tailLength, Math.floor((max - 1) / 2))
  const head = Math.max(0, max - 1 - tail)
  return `${characters.slice(0, head).join("")}…${characters.slice(characters.length - tail).join("")}`
}

function graphemes(text: string): readonly string[] {
  // Most ids are plain ASCII, where the segmenter would only cost time.
  if (/^[\x20-\x7e]*$/.test(text)) return text.split("")
  return [...new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text)].map(part => part.segment)
}
