import { canonicalHost } from "./host"
import type { Destination } from "./judge"

/** A URL that may be requested, as the URL standard reads it. */
export interface ReadUrl {
  readonly url: URL
  readonly destination: Destination
}

const longestUrl = 8_192

/** Returns the parts of a URL, or what it may not have here. */
export function readUrl(text: string): ReadUrl | { readonly fault: string } {
  // The URL standard would remove them silently.
  if (/[\s\p{Cc}]/u.test(text)) return { fault: "A url has no spaces, line breaks or control characters." }
  if (text.length > longestUrl) return { fault: `A url has at most ${longestUrl} characters.` }
  if (!URL.canParse(text)) return { fault: "This is not a url like https://hooks.example.com/audit." }
  const url = new URL(text)
  if (url.protocol !== "https:" && url.protocol !== "http:") return { fault: "A url begins with https://." }
  if (url.username !== "" || url.password !== "")
    return {
      fault:
        "A url with a user name or a password is refused, and OUTBOUND_ALLOW does not change that: credentials have fields of their own.",
    }
  if (text.includes("#")) return { fault: "A url has no fragment (#...) here: it would not be sent." }
  const host = canonicalHost(url.hostname)
  if (host === null) return { fault: "The host of the url is neither a name nor an ip." }
  const isEncrypted = url.protocol === "https:"
  const port = url.port === "" ? (isEncrypted ? 443 : 80) : Number(url.port)
  if (port === 0) return { fault: "A port is a number from 1 to 65535." }
  return { url, destination: { host, port, isEncrypted } }
}

/** Returns the scheme, host and port of a URL, for what belongs to them alone; the text itself when it is no URL. */
export function originOf(text: string): string {
  const read = readUrl(text)
  return "fault" in read ? text : read.url.origin
}
