import { lookup } from "node:dns/promises"
import { canonicalAddress } from "@/lib/audit/ip"

/** Returns every ip of a name, as the network of this machine knows it. */
export type Lookup = (name: string) => Promise<readonly string[]>

/** The lookup of the operating system, with the names of containers and of `/etc/hosts`. */
export const systemLookup: Lookup = async name => {
  const found = await lookup(name, { all: true, verbatim: true })
  return found.map(({ address }) => address)
}

const most = 8

/**
 * Returns a lookup with at most eight canonical ips. While a name is looked up, others who ask for it get the same answer: the
 * operating system has few threads for it, and a name server that never answers must not get all of them by one name.
 */
export function sharedLookup(lookUp: Lookup): Lookup {
  const running = new Map<string, Promise<readonly string[]>>()
  return name => {
    const begun = running.get(name)
    if (begun !== undefined) return begun
    const found = lookUp(name)
      .then(ips => ips.flatMap(ip => canonicalAddress(ip) ?? []).slice(0, most))
      .finally(() => running.delete(name))
    running.set(name, found)
    return found
  }
}
