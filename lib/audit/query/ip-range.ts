import ipaddr from "ipaddr.js"

/** Consecutive addresses of one family; `text` is the one spelling of the range (an address, or a network in CIDR form). */
export interface IpRange {
  readonly text: string
  readonly first: string
  readonly last: string
}

/**
 * Promise: the range that an address or a CIDR network means, or null when the text is neither. An address inside the
 * network is accepted for the network, and an IPv4 address written as IPv6 is that IPv4 address.
 */
export function parseIpRange(text: string): IpRange | null {
  const [addressText = "", prefixText, ...rest] = text.split("/")
  if (rest.length > 0) return null
  const address = parseAddress(addressText)
  if (!address) return null
  const width = address.toByteArray().length * 8
  if (prefixText === undefined) return rangeOf(address, width, width)
  if (!/^(0|[1-9][0-9]{0,2})$/.test(prefixText)) return null
  const writtenWidth = addressText.includes(":") ? 128 : 32
  const prefix = Number(prefixText) - (writtenWidth - width)
  if (prefix < 0 || prefix > width) return null
  return rangeOf(address, prefix, width)
}

function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  // The library also takes octal, hexadecimal and shortened IPv4, and zones of a link: none says one clear address.
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text)
  if (!text.includes(":") || text.includes("%") || !ipaddr.IPv6.isValid(text)) return null
  const address = ipaddr.IPv6.parse(text)
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address
}

function rangeOf(address: ipaddr.IPv4 | ipaddr.IPv6, prefix: number, width: number): IpRange {
  const bytes = address.toByteArray()
  const first = spell(bytes.map((byte, at) => byte & maskByte(prefix, at)))
  const last = spell(bytes.map((byte, at) => byte | (~maskByte(prefix, at) & 0xff)))
  return { text: prefix === width ? first : `${first}/${prefix}`, first, last }
}

/** The byte of the network mask at a place. */
function maskByte(prefix: number, at: number): number {
  const bits = Math.min(8, Math.max(0, prefix - at * 8))
  return (0xff << (8 - bits)) & 0xff
}

function spell(bytes: readonly number[]): string {
  const address = ipaddr.fromByteArray([...bytes])
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString()
}
