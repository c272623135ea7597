import { parseOutboundAllow } from "@/lib/outbound/allow"
import { outbound } from "@/lib/outbound/guard"
import type { Outbound } from "@/lib/outbound/outbound"

/** Returns the way out with these entries of OUTBOUND_ALLOW; with `hosts`, their names lead to the loopback ip. */
export function outboundFor(entries: readonly string[], hosts: readonly string[] = []): Outbound {
  const allow = parseOutboundAllow(entries.join(","))
  if (allow === null) throw new Error(`OUTBOUND_ALLOW does not take ${entries.join(",")}`)
  const lookup = async (name: string) => (hosts.includes(name) ? ["127.0.0.1"] : [])
  return outbound({ allow, ...(hosts.length > 0 && { lookup }) })
}
