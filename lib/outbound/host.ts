import { canonicalAddress } from "@/lib/audit/ip"

// A name as DNS and container networks have it; `_` is in names of both.
const label = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/

/**
 * Returns the one spelling of a host: a name in lower case without a dot at its end, or an ip, IPv6 without brackets. Whatever the URL
 * standard reads as an ip (`127.1`, `0x7f000001`, `①②⑦.0.0.1`) becomes that ip. Null when the text is no host.
 */
export function canonicalHost(text: string): string | null {
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text
  if (bare === "" || bare.length > 300 || /[\s\p{Cc}/?#@\\[\]]/u.test(bare)) return null
  const url = bare.includes(":") ? `http://[${bare}]` : `http://${bare}`
  if (!URL.canParse(url)) return null
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, "$1")
  return canonicalAddress(host) ?? canonicalName(host)
}

/** Returns whether a canonical host is an ip. */
export function isIp(host: string): boolean {
  return canonicalAddress(host) !== null
}

/** Returns host and port as one writes them together. */
export function spelled(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`
}

function canonicalName(host: string): string | null {
  const name = host.replace(/\.$/, "")
  return name.length <= 253 && name.split(".").every(part => label.test(part)) ? name : null
}
