import type { Socket } from "node:net"
import type { Outbound, OutboundAnswer, OutboundRequest } from "@/lib/outbound/outbound"

/** An Outbound that keeps a copy of what goes through it. */
export interface Recording {
  readonly outbound: Outbound
  /** What was sent, in order: of a request its head and its body, of a socket its bytes. */
  readonly sent: () => Uint8Array
  /** What came back, up to a limit. */
  readonly received: () => Uint8Array
}

const mostBytes = 256 * 1024
/** More than is shown: secrets are replaced before an answer is cut, so that none is shown in part. */
const mostReceivedBytes = 64 * 1024

/** Returns an Outbound that sends through another one, with the same refusals, and keeps what was sent and what came back. */
export function recordingOutbound(through: Outbound): Recording {
  const sent = kept(mostBytes)
  const received = kept(mostReceivedBytes)
  const outbound: Outbound = {
    check: target => through.check(target),
    checkUrl: url => through.checkUrl(url),
    async request(request) {
      if (!sent.isEmpty()) sent.add("\n\n")
      sent.add(headOf(request))
      sent.add(request.body ?? "")
      received.clear()
      const answer = await through.request(request)
      received.add(statusOf(answer))
      received.add(answer.body)
      return answer
    },
    async connect(target, options) {
      const socket = await through.connect(target, options)
      recordSocket(socket, { sent, received })
      return socket
    },
  }
  return { outbound, sent: sent.whole, received: received.whole }
}

interface Kept {
  readonly add: (bytes: Uint8Array | string) => void
  readonly clear: () => void
  readonly isEmpty: () => boolean
  readonly whole: () => Uint8Array
}

function kept(most: number): Kept {
  let parts: Buffer[] = []
  let size = 0
  return {
    add(bytes) {
      const part = Buffer.from(bytes).subarray(0, most - size)
      size += part.length
      if (part.length > 0) parts.push(part)
    },
    clear() {
      parts = []
      size = 0
    },
    isEmpty: () => size === 0,
    whole: () => Buffer.concat(parts),
  }
}

function headOf({ method, url, headers = {} }: OutboundRequest): string {
  // What cannot be sent is refused by the Outbound itself.
  if (!URL.canParse(url)) return ""
  const { pathname, search, host } = new URL(url)
  const lines = [`${method} ${pathname}${search}`, `host: ${host}`]
  return `${[...lines, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join("\n")}\n\n`
}

function statusOf({ status, headers }: OutboundAnswer): string {
  const type = headers["content-type"]
  return `${status}${type === undefined ? "" : ` (${type})`}\n`
}

// The socket stays what it is: return values, callbacks and the flow of what is read do not change.
function recordSocket(
  socket: Socket,
  { sent, received }: { readonly sent: Kept; readonly received: Kept },
): void {
  const { write, end, push } = socket
  const note = (chunk: unknown, into: Kept) => {
    if (typeof chunk === "string" || chunk instanceof Uint8Array) into.add(chunk)
  }
  Object.assign(socket, {
    write(...args: unknown[]) {
      note(args[0], sent)
      return Reflect.apply(write, socket, args)
    },
    end(...args: unknown[]) {
      // `end` writes what it gets by way of `write`, which notes it.
      return Reflect.apply(end, socket, args)
    },
    push(...args: unknown[]) {
      note(args[0], received)
      return Reflect.apply(push, socket, args)
    },
  })
}
