import { emailFault } from "@/lib/access/email"

/** An email in the dialog: the text, and the fault if there is one. */
export interface TypedAddress {
  /** In lower case, without surrounding characters. */
  readonly email: string
  /** In words; null when it can be invited as far as the browser can tell. */
  readonly fault: string | null
  /** Distinguishes it from the others of its list, including equal ones. */
  readonly key: string
}

/** The most emails of one invitation. */
export const mostAddresses = 20

const separators = /[\s,;]+/
// "Ada Lovelace <ada@acme.example>", as mail programs copy it; the name reaches back to the comma before it.
const named = /[^,;\n<>]*<([^<>\n]*)>/g

/** Returns the emails of a pasted or typed text, in order, separated by commas, semicolons, spaces and line breaks. */
export function splitAddresses(text: string): readonly string[] {
  return text
    .replace(named, " $1 ")
    .split(separators)
    .map(part => part.replace(/^["'<]+|["'>.]+$/g, "").toLowerCase())
    .filter(part => part !== "")
}

/** Returns the complete emails of a text that is being typed, and the rest after the last separator. */
export function takeFinished(text: string): { readonly finished: readonly string[]; readonly rest: string } {
  // A name before an email may contain spaces, so nothing is complete until the bracket is closed.
  if (/<[^>]*$/.test(text)) return { finished: [], rest: text }
  const end = Math.max(...[...",; \n\t>"].map(mark => text.lastIndexOf(mark)))
  if (end < 0) return { finished: [], rest: text }
  return { finished: splitAddresses(text.slice(0, end + 1)), rest: text.slice(end + 1) }
}

/** Returns each email with its fault; of duplicates, the later one has the fault. */
export function judgeAddresses(emails: readonly string[]): readonly TypedAddress[] {
  return emails.map((email, position) => {
    const isTwice = emails.indexOf(email) < position
    const earlier = emails.slice(0, position).filter(other => other === email).length
    const fault = emailFault(email) ?? (isTwice ? "stands here twice" : null)
    return { email, fault, key: `${earlier} ${email}` }
  })
}

/** Returns why nothing can be sent: no email, no valid one, or too many; null when some can be invited. */
export function sendingFault(addresses: readonly TypedAddress[]): string | null {
  if (addresses.length === 0) return "Give at least one address."
  const isHopeless = addresses.every(({ fault }) => fault !== null)
  return isHopeless || addresses.length > mostAddresses ? addressFaults(addresses) : null
}

/** Returns one sentence about all faults; null when everything can be sent. */
export function addressFaults(addresses: readonly TypedAddress[]): string | null {
  const wrong = addresses.filter(({ fault }) => fault !== null)
  const sentences = wrong.slice(0, 3).map(({ email, fault }) => `${email} ${fault}.`)
  if (wrong.length > 3) sentences.push(`And ${wrong.length - 3} more.`)
  if (addresses.length > mostAddresses)
    sentences.push(`At most ${mostAddresses} addresses at once; these are ${addresses.length}.`)
  return sentences.length === 0 ? null : sentences.join(" ")
}
