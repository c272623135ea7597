import ipaddr from "ipaddr.js"

// The one place where text becomes an ip: the source of an event, the value of a filter, the caller, the networks of a key.
// A second parser of the same text would let an ip pass one of them and miss another.

type Address = ipaddr.IPv4 | ipaddr.IPv6

/**
 * Returns the canonical form of an ip, or null when the text is none. IPv6 is compressed (RFC 5952), an IPv4 address mapped
 * into IPv6 becomes IPv4, and a zone (`%eth0`) is removed. IPv4 must have four decimal numbers without leading zeros: the
 * meaning of other forms differs between systems.
 */
export function canonicalAddress(text: string): string | null {
  const address = parseAddress(text)
  return address && spell(address)
}

/**
 * Returns the ip of an endpoint as servers and proxies write it: an ip, perhaps in brackets and with a port. Null when the
 * text is none.
 */
export function endpointAddress(text: string): string | null {
  const bracketed = /^\[([^[\]]*)\](?::(\d{1,5}))?$/.exec(text)
  if (bracketed) return isPort(bracketed[2]) ? canonicalAddress(bracketed[1] ?? "") : null
  const [, host, port] = /^([\d.]+):(\d{1,5})$/.exec(text) ?? []
  return host === undefined ? canonicalAddress(text) : isPort(port) ? canonicalAddress(host) : null
}

/** Returns the ip in the origin of an event: an endpoint, or the first one of a list, which is the client. Null for none. */
export function originAddress(text: string): string | null {
  const comma = text.indexOf(",")
  return endpointAddress(comma === -1 ? text : text.slice(0, comma).replace(/^[ \t]+|[ \t]+$/g, ""))
}

/** Consecutive ips of one family; `text` is the canonical form of the range (an ip, or a network in CIDR notation). */
export interface IpRange {
  readonly text: string
  readonly first: string
  readonly last: string
}

/**
 * Returns the range of an ip or a CIDR network, or null when the text is neither. Bits below the mask are ignored; an IPv4
 * address written as IPv6 is read as IPv4.
 */
export function parseIpRange(text: string): IpRange | null {
  const network = parseNetwork(text)
  if (network === null) return null
  const { address, prefix } = network
  const { first, last } = boundsOf(network)
  const firstText = spell(ipaddr.fromByteArray([...first]))
  const isOne = prefix === address.toByteArray().length * 8
  return {
    text: isOne ? firstText : `${firstText}/${prefix}`,
    first: firstText,
    last: spell(ipaddr.fromByteArray([...last])),
  }
}

/** Ranges of addresses taken together. */
export interface IpSet {
  /** Tells whether an address is in the set. In an IPv6 network that holds ::ffff:0:0/96, an IPv4 address is as well. */
  has(address: string): boolean
  /** Tells whether one range of the set holds all addresses of this one. Both are of the same family. */
  covers(range: string): boolean
}

/** Returns the set of everything in these addresses and networks; one that cannot be read holds nothing. */
export function ipSet(ranges: readonly string[]): IpSet {
  const networks = ranges
    .flatMap(text => parseNetwork(text) ?? [])
    .map(network => ({ ...network, ...boundsOf(network) }))
  const inIpv6 = networks.map(({ first, last }) => ({ first: asIpv6(first), last: asIpv6(last) }))
  return {
    has(text) {
      const address = parseAddress(text)
      if (address === null) return false
      const bytes = asIpv6(address.toByteArray())
      return inIpv6.some(({ first, last }) => compare(first, bytes) <= 0 && compare(bytes, last) <= 0)
    },
    covers(text) {
      const network = parseNetwork(text)
      if (network === null) return false
      const inner = boundsOf(network)
      return networks.some(
        ({ first, last }) =>
          first.length === inner.first.length &&
          compare(first, inner.first) <= 0 &&
          compare(inner.last, last) <= 0,
      )
    },
  }
}

interface Network {
  readonly address: Address
  readonly prefix: number
}

function parseNetwork(text: string): Network | null {
  const [addressText = "", prefixText, ...rest] = text.split("/")
  if (rest.length > 0) return null
  const address = parseAddress(addressText)
  if (!address) return null
  const width = address.toByteArray().length * 8
  if (prefixText === undefined) return { address, prefix: width }
  if (!/^(0|[1-9][0-9]{0,2})$/.test(prefixText)) return null
  const writtenWidth = addressText.includes(":") ? 128 : 32
  const prefix = Number(prefixText) - (writtenWidth - width)
  return prefix < 0 || prefix > width ? null : { address, prefix }
}

/** Returns the first half of an IPv6 address as a network, an IPv4 address unchanged; null when the text is not an ip. */
export function subscriberNetwork(text: string): string | null {
  const address = parseAddress(text)
  if (address === null || address instanceof ipaddr.IPv4) return address && spell(address)
  const parts = address.parts.slice(0, 4).map(part => part.toString(16))
  return `${parts.join(":")}::/64`
}

function parseAddress(text: string): Address | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text)
  const [, beforeZone = ""] = /^([^%]*)(?:%[^%\s[\]/,]+)?$/.exec(text) ?? []
  const digits = inHexadecimal(beforeZone)
  if (digits === null || !digits.includes(":") || !ipaddr.IPv6.isValid(digits)) return null
  const address = ipaddr.IPv6.parse(digits)
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address
}

/** The library reads ::1.2.3.4 as IPv4, which it is not (RFC 4291, 2.5.5.1), and accepts octal numbers in it. */
function inHexadecimal(text: string): string | null {
  const start = text.lastIndexOf(":") + 1
  const ending = text.slice(start)
  if (!ending.includes(".")) return text
  if (!ipaddr.IPv4.isValidFourPartDecimal(ending)) return null
  const [a = 0, b = 0, c = 0, d = 0] = ipaddr.IPv4.parse(ending).toByteArray()
  return `${text.slice(0, start)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
}

function isPort(text: string | undefined): boolean {
  return text === undefined || Number(text) <= 65_535
}

/** The bytes of the first and of the last address of a network. */
function boundsOf({ address, prefix }: Network) {
  const bytes = address.toByteArray()
  return {
    first: bytes.map((byte, at) => byte & maskByte(prefix, at)),
    last: bytes.map((byte, at) => byte | (~maskByte(prefix, at) & 0xff)),
  }
}

function asIpv6(bytes: readonly number[]): readonly number[] {
  return bytes.length === 16 ? bytes : [...Array<number>(10).fill(0), 0xff, 0xff, ...bytes]
}

/** Below zero when the first of two addresses of one length comes before the other. */
function compare(one: readonly number[], other: readonly number[]): number {
  for (let at = 0; at < one.length; at++) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** The byte of the network mask at a position. */
function maskByte(prefix: number, at: number): number {
  const bits = Math.min(8, Math.max(0, prefix - at * 8))
  return (0xff << (8 - bits)) & 0xff
}

function spell(address: Address): string {
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString()
}
