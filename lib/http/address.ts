import { BlockList, isIP } from "node:net"

/** The two ends of a request as far as we can know them: canonical texts, or null when unknown. */
export interface Addresses {
  /** The client, seen through trusted proxies only. */
  readonly client: string | null
  /** The other end of the connection. */
  readonly peer: string | null
}

/** Tells whether an address belongs to a proxy whose word is believed. */
export type Trust = (address: string) => boolean

/** Promise: an IP address in canonical text, without port, brackets, zone or IPv4 mapping; null when it is none. */
export function canonicalAddress(text: string): string | null {
  const bare = withoutPort(text.trim())
  const family = isIP(bare)
  if (family === 4) return bare
  if (family !== 6) return null
  const host = new URL(`http://[${bare.replace(/%.*$/, "")}]`).hostname.slice(1, -1)
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host)
  if (!mapped) return host
  const [high, low] = [mapped[1], mapped[2]].map(part => Number.parseInt(part ?? "0", 16))
  return [(high ?? 0) >> 8, (high ?? 0) & 255, (low ?? 0) >> 8, (low ?? 0) & 255].join(".")
}

/** Promise: trust in exactly the networks given in CIDR notation. */
export function trustNetworks(networks: readonly string[]): Trust {
  const list = new BlockList()
  for (const network of networks) {
    const [first = "", bits] = network.split("/")
    const family = isIP(first) === 6 ? "ipv6" : "ipv4"
    list.addSubnet(first, Number(bits ?? (family === "ipv6" ? 128 : 32)), family)
  }
  return address => list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4")
}

/**
 * Promise: the client's address. X-Forwarded-For is read from the right as long as the hop that wrote an entry is
 * trusted, so what a client writes into it itself changes nothing.
 */
export function resolveAddresses(
  peerText: string | null,
  forwardedFor: string | null,
  trust: Trust,
): Addresses {
  const peer = peerText === null ? null : canonicalAddress(peerText)
  if (peer === null || forwardedFor === null) return { client: peer, peer }
  const hops = forwardedFor.split(",").map(canonicalAddress)
  let client = peer
  while (trust(client)) {
    const hop = hops.pop()
    if (hop === undefined || hop === null) break
    client = hop
  }
  return { client, peer }
}

function withoutPort(text: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text)
  if (bracketed) return bracketed[1] ?? ""
  return /^[^:]+:\d{1,5}$/.test(text) ? text.slice(0, text.indexOf(":")) : text
}
