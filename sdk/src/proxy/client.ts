import type { Duplex } from "node:stream"
import { TLSSocket } from "node:tls"
import type { Headers } from "@/lib/audit/capture/call"
import { callerOfCertificate } from "@/lib/audit/capture/caller"
import type { ActorInput } from "@/lib/audit/event/input"
import { canonicalAddress, endpointAddress, ipSet } from "@/lib/audit/ip"

/** Who is at the other end of a connection, which stays the same for all its requests. */
export interface Peer {
  /** Null for a socket in the file system. */
  readonly ip: string | null
  /** The holder of the client certificate; null without one. */
  readonly caller: ActorInput | null
}

const known = new WeakMap<Duplex, Peer>()

/** Returns who is at the other end of a connection. Only certificates that the TLS layer has verified count. */
export function peerOf(socket: Duplex): Peer {
  const found = known.get(socket)
  if (found !== undefined) return found
  const address = "remoteAddress" in socket ? socket.remoteAddress : undefined
  const peer = {
    ip: typeof address === "string" ? canonicalAddress(address) : null,
    caller:
      socket instanceof TLSSocket && socket.authorized
        ? callerOfCertificate(socket.getPeerCertificate())
        : null,
  }
  known.set(socket, peer)
  return peer
}

/** Returns the address of the client: X-Forwarded-For is read from the right for as long as trusted proxies wrote it. */
export function clientAddress(
  peer: string | null,
  headers: Headers,
  isTrusted: (address: string) => boolean,
): string | null {
  if (peer === null || !isTrusted(peer)) return peer
  const hops = headers
    .filter(([name]) => name.toLowerCase() === "x-forwarded-for")
    .flatMap(([, value]) => value.split(","))
    .map(hop => endpointAddress(hop.trim()))
  let client = peer
  while (isTrusted(client)) {
    const hop = hops.pop()
    if (hop === undefined || hop === null) break
    client = hop
  }
  return client
}

/** Returns trust in exactly these addresses and networks. */
export function trustIn(networks: readonly string[]): (address: string) => boolean {
  if (networks.length === 0) return () => false
  const trusted = ipSet(networks)
  return address => trusted.has(address)
}
