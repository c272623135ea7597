import http, { type ClientRequest, type IncomingMessage } from "node:http"
import type { Socket } from "node:net"
import { connect, type Guard } from "./connect"
import { exchangeError } from "./errors"
import { spelled } from "./host"
import { keptFor } from "./kept"
import { type OutboundAnswer, OutboundError, type OutboundRequest } from "./outbound"
import { type ReadUrl, readUrl } from "./read-url"
import { within } from "./within"

/** Of an answer, no more is read. */
export const mostAnswerBytes = 64 * 1024

/** Returns the answer to a request, which follows no redirect. Throws OutboundError. */
export async function request(guard: Guard, asked: OutboundRequest): Promise<OutboundAnswer> {
  const read = readUrl(asked.url)
  if ("fault" in read) throw new OutboundError("invalid", read.fault)
  const headers = headersOf(asked, read)
  const { host, port, isEncrypted } = read.destination
  const place = spelled(host, port)
  const encryption = asked.ca === undefined ? {} : { ca: asked.ca }
  const target = { host, port, tls: isEncrypted ? encryption : null }
  const name = JSON.stringify([place, isEncrypted, asked.ca ?? null])
  return within(place, asked, async signal => {
    const exchanging = { asked, read, headers, place, signal, name }
    const kept = asked.keep?.take(name) ?? null
    if (kept !== null) {
      const answer = await onKept(kept, exchanging)
      if (answer !== null) return answer
    }
    return exchange(await connect(guard, target, { timeoutMs: asked.timeoutMs, signal }), exchanging)
  })
}

interface Exchange {
  readonly asked: OutboundRequest
  readonly read: ReadUrl
  readonly headers: Readonly<Record<string, string | number>>
  readonly place: string
  readonly signal: AbortSignal
  /** Of the kept connection. */
  readonly name: string
}

/** Nothing of an answer came. */
class NoAnswer extends Error {}

/** Returns null when the other side had ended the connection meanwhile: it is made again then. */
async function onKept(socket: Socket, exchanging: Exchange): Promise<OutboundAnswer | null> {
  try {
    return await exchange(socket, exchanging)
  } catch (error) {
    const isOld = error instanceof OutboundError && error.cause instanceof NoAnswer
    if (!isOld || exchanging.signal.aborted) throw error
    return null
  }
}

async function exchange(socket: Socket, exchanging: Exchange): Promise<OutboundAnswer> {
  const { asked, place, signal, name } = exchanging
  const stop = () => socket.destroy()
  let isFree = false
  const free = () => {
    isFree = true
  }
  socket.once("free", free)
  signal.addEventListener("abort", stop, { once: true })
  try {
    signal.throwIfAborted()
    const answer = await answerOf(socket, exchanging)
    // The socket is free one step after the end of the answer.
    if (asked.keep !== undefined && !answer.isCut) await new Promise(resolve => setImmediate(resolve))
    if (isFree && !answer.isCut) asked.keep?.give(name, socket, keptFor(answer.headers["keep-alive"]))
    else socket.destroy()
    return answer
  } catch (error) {
    socket.destroy()
    throw exchangeError(place, error)
  } finally {
    signal.removeEventListener("abort", stop)
    socket.off("free", free)
  }
}

function answerOf(socket: Socket, { asked, read, headers }: Exchange): Promise<OutboundAnswer> {
  return new Promise((resolve, reject) => {
    const sent: ClientRequest = http.request({
      createConnection: () => socket,
      method: asked.method,
      path: `${read.url.pathname}${read.url.search}`,
      headers,
      setHost: false,
      maxHeaderSize: 16 * 1024,
    })
    const before = socket.bytesRead
    // After the head of an answer only the answer counts: a receiver may refuse a body before it has all of it.
    let isAnswered = false
    const fail = (error: Error) => {
      if (isAnswered) return
      reject(socket.bytesRead === before ? new NoAnswer("no answer", { cause: error }) : error)
    }
    sent.on("error", fail)
    sent.on("close", () => fail(new Error("closed")))
    sent.on("upgrade", () => fail(new Error("another protocol")))
    sent.on("response", answer => {
      isAnswered = true
      readAnswer(answer).then(resolve, reject)
    })
    sent.end(asked.body)
  })
}

async function readAnswer(answer: IncomingMessage): Promise<OutboundAnswer> {
  const parts: Buffer[] = []
  let bytes = 0
  let isCut = false
  for await (const part of answer) {
    const left = mostAnswerBytes - bytes
    isCut = part.length > left
    parts.push(isCut ? part.subarray(0, left) : part)
    bytes += part.length
    if (isCut) break
  }
  return { status: answer.statusCode ?? 0, headers: headersIn(answer), body: Buffer.concat(parts), isCut }
}

function headersIn({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  const pairs = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(", ")] as const)
  return Object.fromEntries(pairs)
}

// They belong to the connection, which is ours.
const ownHeaders =
  /^(?:connection|content-length|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/i

/** Returns what is sent. Throws OutboundError `invalid` for a header that would change the meaning of the request. */
function headersOf({ headers = {}, method, body, keep }: OutboundRequest, { url }: ReadUrl) {
  const bytes = body === undefined ? 0 : Buffer.byteLength(body)
  const sent: Record<string, string | number> = {
    host: url.host,
    "user-agent": "auditorium",
    accept: "*/*",
    "accept-encoding": "identity",
    connection: keep === undefined ? "close" : "keep-alive",
  }
  if (bytes > 0 || method === "POST" || method === "PUT") sent["content-length"] = bytes
  for (const [name, value] of Object.entries(headers)) {
    const isSame = name.toLowerCase() === "host" && value === url.host
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || (ownHeaders.test(name) && !isSame))
      throw new OutboundError(
        "invalid",
        `A request cannot set the header ${JSON.stringify(name.slice(0, 80))}.`,
      )
    // The value is not shown: it may be a credential.
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
      throw new OutboundError(
        "invalid",
        `The header ${name} has a line break or a character that HTTP does not have.`,
      )
    sent[name.toLowerCase()] = value
  }
  return sent
}
