import { emailFault } from "@/lib/access/email"

/** An address as the dialog holds it: what was typed, and what there is to say about it. */
export interface TypedAddress {
  /** In lower case, without what stood around it. */
  readonly email: string
  /** In words; null when it can be invited as far as one can see from here. */
  readonly fault: string | null
  /** Tells it from the others of its list, also from the same text typed before. */
  readonly key: string
}

/** How many addresses one invitation takes. */
export const mostAddresses = 20

const separators = /[\s,;]+/
// "Ada Lovelace <ada@acme.example>", as mail programs copy it; the name goes no further than the comma before it.
const named = /[^,;\n<>]*<([^<>\n]*)>/g

/** Promise: the addresses of a pasted or typed text, in its order: commas, semicolons, spaces and lines part them. */
export function splitAddresses(text: string): readonly string[] {
  return text
    .replace(named, " $1 ")
    .split(separators)
    .map(part => part.replace(/^["'<]+|["'>.]+$/g, "").toLowerCase())
    .filter(part => part !== "")
}

/** Promise: what is finished of a text that is being typed, and the rest behind the last separator. */
export function takeFinished(text: string): { readonly finished: readonly string[]; readonly rest: string } {
  // A name before an address has spaces of its own, so nothing is finished until the bracket is closed.
  if (/<[^>]*$/.test(text)) return { finished: [], rest: text }
  const end = Math.max(...[...",; \n\t>"].map(mark => text.lastIndexOf(mark)))
  if (end < 0) return { finished: [], rest: text }
  return { finished: splitAddresses(text.slice(0, end + 1)), rest: text.slice(end + 1) }
}

/** Promise: each address with its own words; of one that stands there twice, the later one has the fault. */
export function judgeAddresses(emails: readonly string[]): readonly TypedAddress[] {
  return emails.map((email, position) => {
    const isTwice = emails.indexOf(email) < position
    const earlier = emails.slice(0, position).filter(other => other === email).length
    const fault = emailFault(email) ?? (isTwice ? "stands here twice" : null)
    return { email, fault, key: `${earlier} ${email}` }
  })
}

/** Returns why nothing at all can be sent: no address, none that is one, or too many; null when some can be invited. */
export function sendingFault(addresses: readonly TypedAddress[]): string | null {
  if (addresses.length === 0) return "Give at least one address."
  const isHopeless = addresses.every(({ fault }) => fault !== null)
  return isHopeless || addresses.length > mostAddresses ? addressFaults(addresses) : null
}

/** Returns one sentence about everything that is wrong; null when all can be sent. */
export function addressFaults(addresses: readonly TypedAddress[]): string | null {
  const wrong = addresses.filter(({ fault }) => fault !== null)
  const sentences = wrong.slice(0, 3).map(({ email, fault }) => `${email} ${fault}.`)
  if (wrong.length > 3) sentences.push(`And ${wrong.length - 3} more.`)
  if (addresses.length > mostAddresses)
    sentences.push(`At most ${mostAddresses} addresses at once; these are ${addresses.length}.`)
  return sentences.length === 0 ? null : sentences.join(" ")
}
