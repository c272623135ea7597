import { ipSet } from "@/lib/audit/ip"
import { entryFor, type OutboundAllow } from "./allow"
import { isIp, spelled } from "./host"
import { type IpKind, ipKind } from "./ip-kind"

/** Where a connection leads: a canonical host, as `canonicalHost` returns it. */
export interface Destination {
  readonly host: string
  readonly port: number
  readonly isEncrypted: boolean
}

/** Decides which connections may be made. Each function returns why one is refused, and null when it is not. */
export interface Judge {
  /** Before anything is looked up: null also when only the ips of the name can tell. */
  destination(destination: Destination): string | null
  /** For one ip that the host of the destination led to. */
  ip(destination: Destination, ip: string): string | null
}

/** Open without an entry: HTTPS, syslog over TLS, Fluentd, Elasticsearch, Splunk. */
const usualPorts = [443, 6514, 8088, 8443, 9200, 24224]

/** What a judge goes by. */
export interface Permitted {
  /** OUTBOUND_ALLOW. */
  readonly allow: OutboundAllow
  /** What the operator has configured for one use. Nobody else has a say in it, so its names may lead to any ip. */
  readonly configured: OutboundAllow
}

/** Returns the judge that goes by these entries. */
export function judgeBy({ allow, configured }: Permitted): Judge {
  const networks = [...allow, ...configured].flatMap(entry =>
    "network" in entry ? [{ has: ipSet([entry.network]).has, port: entry.port }] : [],
  )
  const networksOf = (port: number) => networks.filter(entry => entry.port === null || entry.port === port)

  const ip = (destination: Destination, address: string): string | null => {
    if (networksOf(destination.port).some(({ has }) => has(address))) return null
    if (isNamed(configured, destination)) return null
    const kind = ipKind(address)
    // A name that OUTBOUND_ALLOW has may lead into the own network, but not to the metadata of the cloud.
    if (isNamed(allow, destination) && kind !== "reserved") return null
    return refusal(destination, kind)
  }
  return {
    ip,
    destination(destination) {
      const { host, port } = destination
      if (isIp(host)) return ip(destination, host)
      if (isNamed([...allow, ...configured], destination)) return null
      const open = networksOf(port)
      if (isLocalhost(host)) {
        const isOpen = open.some(({ has }) => has("127.0.0.1") || has("::1"))
        return isOpen ? null : refusal(destination, "loopback")
      }
      return open.length > 0 ? null : refusal(destination, "public")
    },
  }
}

function isNamed(entries: OutboundAllow, { host, port }: Destination): boolean {
  return entries.some(
    entry => "host" in entry && entry.host === host && (entry.port === null || entry.port === port),
  )
}

// RFC 6761: these names mean this machine, whatever a name server says.
function isLocalhost(name: string): boolean {
  return /^(?:.+\.)?localhost(?:\.localdomain)?$/.test(name)
}

const kindWords = {
  loopback: "a loopback ip of the server itself",
  private: "a private ip",
  reserved: "a reserved ip (link-local, cloud metadata, multicast or not assigned)",
} as const

function refusal({ host, port, isEncrypted }: Destination, kind: IpKind): string | null {
  const reasons: string[] = []
  if (kind !== "public")
    reasons.push(isIp(host) ? `it is ${kindWords[kind]}` : `it leads to ${kindWords[kind]}`)
  if (!isEncrypted) reasons.push("the connection is not encrypted")
  if (!usualPorts.includes(port)) reasons.push(`the port is none of ${usualPorts.join(", ")}`)
  if (reasons.length === 0) return null
  const remedy =
    kind === "reserved" && !isIp(host)
      ? "OUTBOUND_ALLOW allows such an ip only by an entry with the ip itself."
      : `To allow it, the operator adds ${entryFor(host, port)} to OUTBOUND_ALLOW.`
  return `${spelled(host, port)} is refused: ${reasons.join(", and ")}. ${remedy}`
}
