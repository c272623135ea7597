import { endpointAddress, ipSet } from "@/lib/audit/ip"

/** The two ends of a request as far as they are known: canonical texts, or null. */
export interface Addresses {
  /** The client, as reported by trusted proxies only. */
  readonly client: string | null
  /** The other end of the connection. */
  readonly peer: string | null
}

/** Returns whether an ip belongs to a trusted proxy. */
export type Trust = (address: string) => boolean

/** Returns trust in exactly the networks given in CIDR notation. */
export function trustNetworks(networks: readonly string[]): Trust {
  const trusted = ipSet(networks)
  return address => trusted.has(address)
}

/**
 * Returns the client's address. X-Forwarded-For is read from the right as long as the hop that wrote an entry is
 * trusted, so what a client writes into it itself changes nothing.
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
