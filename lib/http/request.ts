import { randomUUID } from "node:crypto"
import type { Source } from "@/lib/audit/event/event"
import { type Addresses, resolveAddresses, type Trust } from "./address"

/** What the headers of a request say about where it comes from. */
export interface RequestOrigin {
  readonly requestId: string
  readonly source: Source
}

/** Set by our own server to the address of the connection's other end; whatever a client sent there is overwritten. */
const peerHeader = "x-auditorium-peer"
/** Longer user agents are cut: they are ours to record, and no reason to refuse a sign-in. */
const maximumUserAgentCharacters = 500

/** Promise: a request id and the source of a request. Forwarding headers count only when a trusted proxy sent them. */
export function readRequestOrigin(headers: Headers, trust: Trust): RequestOrigin {
  const addresses = resolveAddresses(headers.get(peerHeader), headers.get("x-forwarded-for"), trust)
  return { requestId: readRequestId(headers), source: readSource(headers, addresses) }
}

function readSource(headers: Headers, { client, peer }: Addresses): Source {
  const userAgent = headers.get("user-agent")?.slice(0, maximumUserAgentCharacters)
  return {
    ip: client,
    ipText: client ?? "unknown",
    ...(peer !== null && peer !== client && { peerIp: peer }),
    ...(userAgent && { userAgent }),
  }
}

// Our own server has put it there: a trusted proxy's, never a client's. The answer carries the same one.
function readRequestId(headers: Headers): string {
  const given = headers.get("x-request-id")
  return given !== null && /^[\w.:/+=-]{1,128}$/.test(given) ? given : randomUUID()
}
