import type { Socket } from "node:net"
import type { KeptConnections } from "./kept"

/** TLS of one connection. Certificates are always verified. */
export interface OutboundTls {
  /** A PEM certificate of the authority to trust instead of the public ones. */
  readonly ca?: string
}

/** A host and port to connect to. */
export interface OutboundTarget {
  /** A name or a literal address, IPv6 without brackets. */
  readonly host: string
  readonly port: number
  /** Null = unencrypted, which only an entry of OUTBOUND_ALLOW permits. */
  readonly tls: OutboundTls | null
}

export interface OutboundRequest {
  readonly url: string
  readonly method: "GET" | "POST" | "PUT" | "DELETE" | "HEAD"
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
  readonly ca?: string
  /** From the connection to the end of the answer. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal
  /** Where the connection is kept for the next request. Absent = it is closed after this one. */
  readonly keep?: KeptConnections
}

export interface OutboundAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** At most the first 64 KiB. */
  readonly body: Uint8Array
  /** True when there was more. */
  readonly isCut: boolean
}

/**
 * Every connection that leaves for an address that somebody typed. Refuses private and other special addresses, unencrypted
 * connections and unusual ports, unless OUTBOUND_ALLOW permits them: before the connection, for every answer of the lookup, and for
 * the address that was connected. Follows no redirect.
 */
export interface Outbound {
  /** Returns why a connection to the target would be refused, without connecting or looking its name up; null when it would be tried. */
  check(target: OutboundTarget): string | null
  /** The same for a URL, also for what a URL may not have here: user information, a fragment, another scheme. */
  checkUrl(url: string): string | null
  /** Throws OutboundError. */
  request(request: OutboundRequest): Promise<OutboundAnswer>
  /** Returns a connected socket, after the TLS handshake. The caller destroys it. Throws OutboundError. */
  connect(
    target: OutboundTarget,
    options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<Socket>
}

/** `refused`: the guard does not allow it. `invalid`: what was asked cannot be sent. */
export type OutboundTrouble = "refused" | "invalid" | "timeout" | "tls" | "unreachable" | "broken"

const brand = Symbol.for("auditorium.OutboundError")

/**
 * The message is for the administrator who typed the address; it contains nothing that the other side answered. A bundler may load this
 * module more than once; `instanceof OutboundError` recognises the errors of every copy, as it does for AppError.
 */
export class OutboundError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && brand in value
  }

  readonly [brand] = true
  readonly trouble: OutboundTrouble

  constructor(trouble: OutboundTrouble, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = "OutboundError"
    this.trouble = trouble
  }
}
