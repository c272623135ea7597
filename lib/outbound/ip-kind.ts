import { ipSet } from "@/lib/audit/ip"

/** What an ip is for. `reserved`: link-local, metadata of a cloud, multicast, and all else that is no host of the internet. */
export type IpKind = "public" | "loopback" | "private" | "reserved"

const loopback = ipSet(["127.0.0.0/8", "::1/128"])

const shared = ipSet(["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"])

// Clouds answer requests for metadata, credentials among them, also at ips of other kinds.
const metadata = ipSet([
  "100.100.100.200/32", // Alibaba, within 100.64.0.0/10
  "168.63.129.16/32", // Azure, a public ip
  "fd00:ec2::/32", // AWS, within fc00::/7
  "fd20:ce::/32", // Google
])

// The special-purpose registry of IANA for IPv4, without what is named above.
const reservedIpv4 = ipSet([
  "0.0.0.0/8",
  "169.254.0.0/16",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.31.196.0/24",
  "192.52.193.0/24",
  "192.88.99.0/24",
  "192.175.48.0/24",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
])

// Of IPv6 only this part is given out for hosts; the rest contains mapped, translated (64:ff9b::/96) and link-local ips.
const globalIpv6 = ipSet(["2000::/3"])
// Within it: Teredo and other protocols, documentation, and 6to4, which contains an IPv4 address.
const reservedIpv6 = ipSet(["2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"])

/** Returns the kind of a canonical ip. A text that is none is `reserved`. */
export function ipKind(ip: string): IpKind {
  if (metadata.has(ip) || reservedIpv4.has(ip)) return "reserved"
  if (loopback.has(ip)) return "loopback"
  if (shared.has(ip)) return "private"
  if (!ip.includes(":")) return /^\d+(?:\.\d+){3}$/.test(ip) ? "public" : "reserved"
  return globalIpv6.has(ip) && !reservedIpv6.has(ip) ? "public" : "reserved"
}
