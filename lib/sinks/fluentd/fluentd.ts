import { randomBytes } from "node:crypto"
import type { Socket } from "node:net"
import {
  type Batch,
  type Opening,
  type SinkConnection,
  SinkError,
  type SinkKind,
  type Written,
} from "@/lib/sinks/sink"
import { checkTarget, connectTo, foreignText } from "@/lib/sinks/target"
import { type Chunk, chunksOf, messageOf } from "./chunks"
import { ackOf, heloOf, type Login, pingOf, pongOf } from "./handshake"
import { type Inbox, inboxOf } from "./inbox"
import { type FluentdSettings, fluentdCredentials, fluentdFields, fluentdSettings } from "./settings"

const mostBytes = 4 * 1024 * 1024

/** Fluentd and Fluent Bit, by the forward protocol v1. */
export const fluentd: SinkKind<FluentdSettings> = {
  name: "fluentd",
  label: "Fluentd (forward)",
  summary: "Sends to Fluentd or Fluent Bit, which can route events onward to Elasticsearch and many others.",
  settings: fluentdSettings,
  fields: fluentdFields,
  credentials: fluentdCredentials,
  reach: "network",
  order: "strict",
  proof:
    "The receiver acknowledges each chunk when it has it in its buffer. What it does with it afterwards is not known here.",
  formats: ["auditorium", "clearml", "ucp", "cloudevents"],
  boundTo: ({ host, port }) => `${host.toLowerCase()}:${port}`,
  check: checkTarget,
  batching: ({ batchEvents }) => ({ mostEvents: batchEvents, mostBytes, least: 1, longestWaitMs: 0 }),
  open: async opening => connection(opening),
}

/** A connection that is ready for chunks. */
interface Line {
  readonly socket: Socket
  readonly inbox: Inbox
  /** False: the server wants one message for each connection. */
  readonly isKept: boolean
}

function connection({ settings, credentials, outbound }: Opening<FluentdSettings>): SinkConnection {
  const login = loginOf(settings, credentials)
  const answerMs = settings.ackSeconds * 1000
  let line: Line | null = null

  const drop = () => {
    line?.socket.destroy()
    line = null
  }

  /** Sends a chunk and waits until it is acknowledged. */
  const exchange = async (chunk: Chunk, message: Uint8Array, signal: AbortSignal) => {
    line ??= await openLine(await connectTo(outbound, settings, signal), login, answerMs, signal)
    const { socket, inbox, isKept } = line
    socket.write(message)
    const answer = await inbox.next(`No acknowledgement within ${settings.ackSeconds} s.`, answerMs, signal)
    const acknowledged = ackOf(answer)
    if (acknowledged !== chunk.id) throw unexpected(answer, acknowledged)
    if (!isKept) drop()
  }

  const deliver = async (chunk: Chunk, signal: AbortSignal) => {
    const message = await messageOf(chunk, settings.compress)
    // A second answer belongs to no chunk: nothing that follows on this connection could be believed.
    if (line !== null && !line.inbox.isQuiet()) drop()
    const reused = line
    try {
      await exchange(chunk, message, signal)
    } catch (error) {
      drop()
      // A server may end an idle connection at the moment at which the next chunk leaves.
      if (reused === null || !reused.inbox.isLeft() || signal.aborted) throw error
      await exchange(chunk, message, signal).catch(again => {
        drop()
        throw again
      })
    }
  }

  return {
    async write(batch: Batch, signal: AbortSignal): Promise<Written> {
      const { chunks, tooLarge } = chunksOf(batch, settings)
      // One chunk is under way at a time: an acknowledgement that comes late then belongs to no other.
      for (const chunk of chunks) await deliver(chunk, signal)
      if (tooLarge.length === 0) return { all: "taken" }
      const reasons = new Map(tooLarge.map(({ position, reason }) => [position, reason]))
      return {
        items: batch.events.map((_, position) => {
          const refused = reasons.get(position)
          return refused === undefined ? "taken" : { refused }
        }),
      }
    },
    close: async () => drop(),
  }
}

/** Returns what proves us to the server, or null where it wants no proof. Throws SinkError when a part of it is missing. */
function loginOf(settings: FluentdSettings, credentials: Readonly<Record<string, string>>): Login | null {
  const { sharedKey = "", password = "" } = credentials
  if (sharedKey !== "") return { sharedKey, username: settings.username, password }
  if (settings.username === "" && password === "") return null
  throw new SinkError("credentials", "A user name and a password need the shared key of the server as well.")
}

/** Does the handshake where there is a shared key. Throws SinkError, with the socket destroyed. */
async function openLine(
  socket: Socket,
  login: Login | null,
  answerMs: number,
  signal: AbortSignal,
): Promise<Line> {
  const inbox = inboxOf(socket)
  if (login === null) return { socket, inbox, isKept: true }
  try {
    return { socket, inbox, isKept: await handshake(socket, inbox, login, answerMs, signal) }
  } catch (error) {
    socket.destroy()
    throw error
  }
}

/** Returns whether the connection may be kept. Throws SinkError when one of the two does not accept the other. */
async function handshake(
  socket: Socket,
  inbox: Inbox,
  login: Login,
  answerMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const helo = heloOf(await inbox.next(noHelo, answerMs, signal))
  if (helo === null)
    throw new SinkError(
      "configuration",
      "The receiver does not begin with HELO, as one with a shared key does.",
    )
  if (helo.auth.byteLength > 0 && login.username === "")
    throw new SinkError("configuration", "The receiver asks for a user name and a password.")
  const salt = randomBytes(16).toString("hex")
  socket.write(pingOf(helo, login, salt))
  const pong = pongOf(
    await inbox.next("No answer to the shared key.", answerMs, signal),
    helo,
    login.sharedKey,
    salt,
  )
  if (pong.outcome === "accepted") return helo.keepalive
  if (pong.outcome === "refused") {
    const reason = foreignText(pong.reason, [login.sharedKey, login.password])
    throw new SinkError("configuration", `The receiver refused the shared key or the user: ${reason}`)
  }
  if (pong.outcome === "no-pong")
    throw new SinkError("later", "The receiver answered something else than PONG.")
  throw new SinkError("configuration", "The receiver does not know the shared key. Nothing was sent to it.")
}

const noHelo = "The receiver did not begin with HELO in time, as one with a shared key does."

function unexpected(answer: unknown, acknowledged: string | null): SinkError {
  if (heloOf(answer) !== null) return new SinkError("configuration", "The receiver asks for a shared key.")
  return new SinkError(
    "later",
    acknowledged === null
      ? "The receiver answered something else than an acknowledgement."
      : "The receiver acknowledged another chunk than the one that was sent.",
  )
}
