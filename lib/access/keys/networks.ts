import { ipSet, parseIpRange } from "@/lib/audit/ip"

/** The most networks that one key can be limited to. */
export const mostNetworks = 50

/** Returns the one spelling of a network or a single address, without bits below its mask; null when the text is neither. */
export function networkOf(text: string): string | null {
  return parseIpRange(text.trim())?.text ?? null
}

/**
 * Returns whether an ip is inside one of the networks; without networks every ip is. An unknown ip is in no network. An
 * IPv4 address inside IPv6 (::ffff:192.0.2.1) counts as IPv4.
 */
export function isWithin(networks: readonly string[], address: string | null): boolean {
  if (networks.length === 0) return true
  return address !== null && ipSet(networks).has(address.trim())
}
