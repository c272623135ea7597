import { BlockList, isIP } from "node:net"
import { endpointAddress } from "@/lib/audit/ip"

/** The two ends of a request as far as they are known: canonical texts, or null. */
export interface Addresses {
  /** The client, as reported by trusted proxies only. */
  readonly client: string | null
  /** The other end of the connection. */
  readonly peer: string | null
}

/** Returns whether an ip belongs to a trusted proxy. */
export type Trust = (address: string) => boolean

/** Returns a Trust in exactly these networks, in CIDR notation. */
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
 * Returns the ips of the client and the peer. X-Forwarded-For is read from the right as long as the hop that wrote an entry
 * is trusted, so what a client writes into it itself changes nothing.
 */
export function resolveAddresses(
  peerText: string | null,
  forwardedFor: string | null,
  trust: Trust,
): Addresses {
  const peer = peerText === null ? null : endpointAddress(peerText.trim())
  if (peer === null || forwardedFor === null) return { client: peer, peer }
  const hops = forwardedFor.split(",").map(hop => endpointAddress(hop.trim()))
  let client = peer
  while (trust(client)) {
    const hop = hops.pop()
    if (hop === undefined || hop === null) break
    client = hop
  }
  return { client, peer }
}
