import { randomUUID } from "node:crypto"
import type { Source } from "@/lib/audit/event/event"
import { type Addresses, resolveAddresses, type Trust } from "./address"

/** The id and the source of a request, from its headers. */
export interface RequestOrigin {
  readonly requestId: string
  readonly source: Source
}

/** Set by our own server to the ip of the other end of the connection; a value from the client is overwritten. */
const peerHeader = "x-auditorium-peer"
/** Longer user agents are cut: they are recorded, and no reason to refuse a sign-in. */
const maximumUserAgentCharacters = 500

/** Returns the id and the source of a request. Forwarding headers count only when a trusted proxy sent them. */
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

// Set by our own server: from a trusted proxy, never from a client. The response carries the same one.
function readRequestId(headers: Headers): string {
  const given = headers.get("x-request-id")
  return given !== null && /^[\w.:/+=-]{1,128}$/.test(given) ? given : randomUUID()
}
