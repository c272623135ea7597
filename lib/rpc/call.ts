import type { Metadata } from "@grpc/grpc-js"
import { canonicalAddress } from "@/lib/audit/ip"
import type { Trust } from "@/lib/http/address"
import { type RequestOrigin, readRequestOrigin } from "@/lib/http/request"

/** A call before its message is read, without anything of the library that carries it. */
export interface RpcCall {
  readonly origin: RequestOrigin
  /** As sent, with its scheme; null when nothing was sent. */
  readonly authorization: string | null
  /** The message, encoded. */
  readonly bytes: Uint8Array
  /** Returns whether nobody waits for the answer any more: the deadline has passed, or the caller has left. */
  readonly isOver: () => boolean
}

/**
 * Returns the id and the source of a call. Metadata of the names that a proxy sets count only from a trusted one, as over
 * HTTP.
 */
export function originOf(metadata: Metadata, peer: string, trusts: Trust): RequestOrigin {
  const ip = ipOfPeer(peer)
  const headers = new Headers()
  if (ip !== null) headers.set("x-auditorium-peer", ip)
  const isTrusted = ip !== null && trusts(ip)
  const believed = ["user-agent", ...(isTrusted ? ["x-forwarded-for", "x-request-id"] : [])]
  for (const name of believed) {
    const text = textOf(metadata, name)
    if (text !== null) headers.set(name, text)
  }
  return readRequestOrigin(headers, trusts)
}

/** Returns the text of a member of the metadata, several of one name joined by commas; null when there is none. */
export function textOf(metadata: Metadata, name: string): string | null {
  const texts = metadata.get(name).filter(value => typeof value === "string")
  if (texts.length === 0) return null
  // Nothing else may be in a header: what a client writes must not make reading the rest fail.
  return texts.join(", ").replaceAll(/[^\x20-\x7e]/g, "?")
}

/** Returns the ip of a connection, which the library writes as `127.0.0.1:50100` and `::1:50100`; null when it has none. */
function ipOfPeer(peer: string): string | null {
  return canonicalAddress(peer.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1"))
}
