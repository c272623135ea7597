import type { Duplex } from "node:stream"
import { TLSSocket } from "node:tls"
import { callerOfCertificate } from "@/lib/audit/capture/caller"
import type { ActorInput } from "@/lib/audit/event/input"
import { peerAddress } from "@/sdk/src/client-address"

/** Who is at the other end of a connection, which stays the same for all its requests. */
export interface Peer {
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
    ip: peerAddress(typeof address === "string" ? address : undefined),
    caller:
      socket instanceof TLSSocket && socket.authorized
        ? callerOfCertificate(socket.getPeerCertificate())
        : null,
  }
  known.set(socket, peer)
  return peer
}
