import type { Headers } from "@/lib/audit/capture/call"
import { canonicalAddress, endpointAddress, ipSet } from "@/lib/audit/ip"

export type Trust = (address: string) => boolean

/** Returns trust in exactly these addresses and networks. */
export function trustIn(networks: readonly string[]): Trust {
  if (networks.length === 0) return () => false
  const trusted = ipSet(networks)
  return address => trusted.has(address)
}

const known = new Map<string, string | null>()

/** Returns the canonical form of the address of a connection. The same few come again and again. */
export function peerAddress(text: string | undefined): string | null {
  if (text === undefined) return null
  const found = known.get(text)
  if (found !== undefined) return found
  if (known.size >= 1_000) known.clear()
  const address = canonicalAddress(text)
  known.set(text, address)
  return address
}

/** Returns the address of the client: X-Forwarded-For is read from the right for as long as trusted proxies wrote it. */
export function clientAddress(peer: string | null, headers: Headers, isTrusted: Trust): string | null {
  if (peer === null || !isTrusted(peer)) return peer
  const hops = hopsOf(headers)
  let client = peer
  while (isTrusted(client)) {
    const hop = hops.pop()
    if (hop === undefined || hop === null) break
    client = hop
  }
  return client
}

/**
 * The same where the platform does not say who is connected: the last hop is the one that the proxy in front wrote, and there is
 * one, or else nothing is known.
 */
export function forwardedAddress(headers: Headers, isTrusted: Trust): string | null {
  const last = hopsOf(headers).at(-1) ?? null
  return last !== null && isTrusted(last) ? clientAddress(last, headers, isTrusted) : last
}

function hopsOf(headers: Headers): (string | null)[] {
  return headers
    .filter(([name]) => name.length === 15 && name.toLowerCase() === "x-forwarded-for")
    .flatMap(([, value]) => value.split(","))
    .map(hop => endpointAddress(hop.trim()))
}
