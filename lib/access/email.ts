/** The longest e-mail address that is kept. */
export const longestEmail = 254

// The rule of zod's `email()`, written out so that a form and the server cannot disagree.
const shape = /^(?!\.)(?!.*\.\.)([A-Za-z0-9_'+\-.]*)[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$/
const beyondAscii = /[^\p{ASCII}]/u

/** Returns what keeps a text from being an e-mail address here, as the end of a sentence about it; null when nothing does. */
export function emailFault(text: string): string | null {
  if (text.length > longestEmail) return `is longer than ${longestEmail} characters`
  if (shape.test(text)) return null
  return beyondAscii.test(text)
    ? "has a letter that not every mail server takes: use an address of plain letters (a to z)"
    : "is not an e-mail address"
}
