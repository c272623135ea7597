import { BlockList, isIP } from "node:net"
import { parseIpRange } from "@/lib/audit/ip"

/** The most networks that one key can be limited to. */
export const mostNetworks = 50

/** Returns the canonical form of a network or a single ip, without bits below its mask; null when the text is neither. */
export function networkOf(text: string): string | null {
  return parseIpRange(text.trim())?.text ?? null
}

/**
 * Returns whether an ip is inside one of the networks; without networks every ip is. An unknown ip is in no network. An
 * IPv4 address inside IPv6 (::ffff:192.0.2.1) counts as IPv4.
 */
export function isWithin(networks: readonly string[], address: string | null): boolean {
  if (networks.length === 0) return true
  const bare = address === null ? null : networkOf(address)
  const family = bare === null ? 0 : isIP(bare)
  if (bare === null || family === 0) return false
  const list = new BlockList()
  for (const network of networks) {
    const [first = "", bits] = network.split("/")
    const version = isIP(first)
    // An invalid network admits nobody.
    if (version !== 0) {
      list.addSubnet(first, Number(bits ?? (version === 6 ? 128 : 32)), version === 6 ? "ipv6" : "ipv4")
    }
  }
  return list.check(bare, family === 6 ? "ipv6" : "ipv4")
}
