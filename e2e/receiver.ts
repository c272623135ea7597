import { createServer, type IncomingHttpHeaders } from "node:http"
import type { AddressInfo } from "node:net"

/** A request that the receiver got. */
export interface ReceivedRequest {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A receiver of webhooks on this machine. The console under test must have it in OUTBOUND_ALLOW. */
export interface Receiver {
  readonly url: string
  /** Every request, also those that were refused. */
  readonly requests: ReceivedRequest[]
  /** From here on it answers so. */
  answer: { readonly status: number; readonly body: string }
  stop(): Promise<void>
}

/** Starts a receiver that takes everything until it is told otherwise. */
export async function startReceiver(): Promise<Receiver> {
  const requests: ReceivedRequest[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on("data", part => parts.push(part))
    request.on("end", () => {
      requests.push({ headers: request.headers, body: Buffer.concat(parts).toString() })
      response.writeHead(receiver.answer.status, { "content-type": "text/plain" })
      response.end(receiver.answer.body)
    })
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  // The one cast: a server that listens on a port has such an address.
  const { port } = server.address() as AddressInfo
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/audit`,
    requests,
    answer: { status: 200, body: "thank you" },
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
  return receiver
}

/** Returns the ids of all events that the receiver got and answered, in their order. */
export function receivedEvents(receiver: Receiver): readonly string[] {
  return receiver.requests.flatMap(({ body }) => {
    // The one cast: the message of a webhook in the format of Auditorium.
    const message = JSON.parse(body) as {
      readonly data?: { readonly events?: readonly { readonly id: string }[] }
    }
    return (message.data?.events ?? []).map(({ id }) => id)
  })
}
