import { canonicalAddress, parseIpRange } from "@/lib/audit/ip"
import { canonicalHost, isIp, spelled } from "./host"

/** One entry of OUTBOUND_ALLOW: a host or a network, and a port; null = every port. */
export type AllowEntry =
  | { readonly host: string; readonly port: number | null }
  | { readonly network: string; readonly port: number | null }

/** Where connections may lead that are refused otherwise. */
export type OutboundAllow = readonly AllowEntry[]

/** A host that the operator has configured elsewhere, and its port; null = every port. */
export interface OperatorHost {
  readonly host: string
  readonly port: number | null
}

/**
 * Returns the entries of a text like `10.0.0.0/8, fluentd.internal:24224, [fd00::1]:9200`, separated by commas or spaces. Null when one
 * of them is neither a host nor a network.
 */
export function parseOutboundAllow(text: string): OutboundAllow | null {
  const entries = text
    .split(/[\s,]+/)
    .filter(part => part !== "")
    .map(parseEntry)
  return entries.every(entry => entry !== null) ? entries : null
}

/** Returns the entry for a host that the operator has configured, none when it is no host. */
export function allowedHost({ host, port }: OperatorHost): OutboundAllow {
  const canonical = canonicalHost(host)
  return canonical === null ? [] : [entryOf(canonical, port)]
}

/** Returns the entry that allows exactly this, as it is written in OUTBOUND_ALLOW. */
export function entryFor(host: string, port: number): string {
  return spelled(host, port)
}

function parseEntry(text: string): AllowEntry | null {
  const [, bracketed, plain, portText] =
    /^(?:\[([^[\]]+)\]|([^[\]:]+))(?::(\d{1,5}))?$/.exec(text) ??
    /^()([^[\]]*:[^[\]]*:[^[\]]*)$/.exec(text) ??
    []
  const place = bracketed || plain
  const port = portText === undefined ? null : Number(portText)
  if (place === undefined || port === 0 || (port !== null && port > 65_535)) return null
  if (place.includes("/")) {
    const range = parseIpRange(place)
    return range === null ? null : { network: range.text, port }
  }
  const host = canonicalHost(place)
  // A lone number would be an ip to the URL standard, and is a port to the person who wrote it.
  if (host === null || (isIp(host) && canonicalAddress(place) === null)) return null
  return entryOf(host, port)
}

function entryOf(host: string, port: number | null): AllowEntry {
  return isIp(host) ? { network: host, port } : { host, port }
}
