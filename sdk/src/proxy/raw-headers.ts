import type { Headers } from "@/lib/audit/capture/call"
import { remembering } from "@/lib/audit/capture/remember"

/** Names and values in turn, as they were received: order, case and repetitions are kept. */
export type RawHeaders = readonly string[]

/** Headers that are about one connection only (RFC 9110 section 7.6.1, and the older ones that clients still send). */
const hopByHop = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "upgrade",
  "transfer-encoding",
])
/** Without these the message would be another one: a `Connection` header that names them is not obeyed. */
const neverNamed = new Set(["host", "content-length", "content-type", "transfer-encoding"])

/** The same few names come with every call. */
const lowerOf = remembering(name => name.toLowerCase(), { most: 500, longest: 64 })

export interface Framing {
  /** Whether the body is passed on in chunks, which is what trailers need. */
  readonly isChunked: boolean
  /** Whether the connection is to change its protocol. */
  readonly isUpgrade?: boolean
}

/**
 * Returns the headers that are passed on: without those of one connection and those that `Connection` names. The ones that say
 * how the body is sent, or which protocol follows, stay at their place.
 */
export function passedOn(raw: RawHeaders, { isChunked, isUpgrade = false }: Framing): string[] {
  const named = namedByConnection(raw)
  const passed: string[] = []
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name, value] = [raw[at] ?? "", raw[at + 1] ?? ""]
    const lower = lowerOf(name)
    if (lower === "transfer-encoding" && isChunked) passed.push(name, "chunked")
    else if (lower === "upgrade" && isUpgrade) passed.push(name, value)
    else if (lower === "connection" && isUpgrade) passed.push(name, "Upgrade")
    // Trailers cannot follow a body that is not sent in chunks.
    else if (lower === "trailer" && !isChunked) continue
    else if (hopByHop.has(lower) || named?.has(lower)) continue
    else passed.push(name, value)
  }
  return passed
}

/** Returns the headers without those of one connection, as name and value. */
export function endToEnd(raw: RawHeaders): Headers {
  const named = namedByConnection(raw)
  const pairs: [string, string][] = []
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name, value] = [raw[at] ?? "", raw[at + 1] ?? ""]
    const lower = lowerOf(name)
    if (lower !== "trailer" && !hopByHop.has(lower) && !named?.has(lower)) pairs.push([name, value])
  }
  return pairs
}

/** Returns trailers as node takes them. */
export function trailerPairs(raw: RawHeaders): [string, string][] {
  return endToEnd(raw).map(([name, value]) => [name, value])
}

function namedByConnection(raw: RawHeaders): ReadonlySet<string> | null {
  let named: Set<string> | null = null
  for (let at = 0; at + 1 < raw.length; at += 2) {
    if (raw[at]?.length !== 10 || raw[at]?.toLowerCase() !== "connection") continue
    for (const token of (raw[at + 1] ?? "").split(",")) {
      const name = token.trim().toLowerCase()
      if (name === "" || name === "keep-alive" || name === "close" || neverNamed.has(name)) continue
      named ??= new Set()
      named.add(name)
    }
  }
  return named
}

/** Returns all values of a header. */
export function valuesOf(raw: RawHeaders, lowerName: string): string[] {
  const values: string[] = []
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? ""
    if (name.length === lowerName.length && name.toLowerCase() === lowerName) values.push(raw[at + 1] ?? "")
  }
  return values
}

/** Appends an address to X-Forwarded-For: to the last one that is there, or as a header of its own at the end. */
export function appendForwardedFor(headers: string[], address: string | null): void {
  if (address === null) return
  for (let at = headers.length - 2; at >= 0; at -= 2) {
    if (headers[at]?.length !== 15 || headers[at]?.toLowerCase() !== "x-forwarded-for") continue
    const before = (headers[at + 1] ?? "").trim()
    headers[at + 1] = before === "" ? address : `${before}, ${address}`
    return
  }
  headers.push("X-Forwarded-For", address)
}

/** Replaces the value of every header of that name. */
export function replaceHeader(headers: string[], lowerName: string, value: string): void {
  for (let at = 0; at < headers.length; at += 2) {
    if (headers[at]?.toLowerCase() === lowerName) headers[at + 1] = value
  }
}

/** Returns the beginning of a response as it is written to a socket. */
export function responseHead(status: number, message: string, headers: RawHeaders): Buffer {
  let head = `HTTP/1.1 ${status} ${message}\r\n`
  for (let at = 0; at + 1 < headers.length; at += 2) head += `${headers[at]}: ${headers[at + 1]}\r\n`
  return Buffer.from(`${head}\r\n`, "latin1")
}
