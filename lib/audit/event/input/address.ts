import ipaddr from "ipaddr.js"

/**
 * Promise: the one spelling of an IP address, or null when the text is none. IPv6 is compressed (RFC 5952), an IPv4 address
 * mapped into IPv6 becomes the IPv4 address, and a zone (`%eth0`) is dropped. Only four decimal numbers make an IPv4 address, and
 * none with a leading zero: what other spellings mean differs between systems.
 */
export function canonicalAddress(text: string): string | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return text
  const [withoutZone = ""] = text.split("%")
  if (!withoutZone.includes(":") || !ipaddr.IPv6.isValid(withoutZone)) return null
  const ending = withoutZone.slice(withoutZone.lastIndexOf(":") + 1)
  if (ending.includes(".") && !ipaddr.IPv4.isValidFourPartDecimal(ending)) return null
  const address = ipaddr.IPv6.parse(withoutZone)
  return address.isIPv4MappedAddress() ? address.toIPv4Address().toString() : address.toRFC5952String()
}
