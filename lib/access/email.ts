/** The greatest length of a stored email. */
export const longestEmail = 254

// The rule of zod's `email()`, copied so that a form and the server cannot disagree.
const shape = /^(?!\.)(?!.*\.\.)([A-Za-z0-9_'+\-.]*)[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$/
const beyondAscii = /[^\p{ASCII}]/u

/** Returns why a text is not accepted as an email, as the end of a sentence about it; null when it is. */
export function emailFault(text: string): string | null {
  if (text.length > longestEmail) return `is longer than ${longestEmail} characters`
  if (shape.test(text)) return null
  return beyondAscii.test(text)
    ? "has a letter that not every mail server takes: use an address of plain letters (a to z)"
    : "is not an e-mail address"
}
