import { createHash } from "node:crypto"
import * as net from "node:net"
import { decodeMulti, encode } from "@msgpack/msgpack"
import { listen } from "@/sdk/test/proxy/peers"

type Answer = (message: unknown, connection: number, socket: net.Socket) => void

/** A server of the forward protocol that answers as a test wants. */
export interface FluentByHand {
  readonly port: number
  /** Every message that arrived. */
  readonly messages: readonly unknown[]
  connections(): number
  close(): Promise<void>
}

/** Starts a server that hands over each message, with the number of its connection and its socket. `hello` is sent first. */
export async function startFluentByHand(answer: Answer, hello?: unknown): Promise<FluentByHand> {
  const messages: unknown[] = []
  let connections = 0
  const { port, close } = await listen(
    net.createServer(socket => {
      const connection = ++connections
      let buffered = Buffer.alloc(0)
      socket.on("error", () => {})
      if (hello !== undefined) socket.write(hello instanceof Uint8Array ? hello : encode(hello))
      socket.on("data", data => {
        buffered = Buffer.concat([buffered, data])
        try {
          const found = [...decodeMulti(buffered)]
          buffered = Buffer.alloc(0)
          messages.push(...found)
          for (const message of found) answer(message, connection, socket)
        } catch {
          // The message is not whole yet.
        }
      })
    }),
  )
  return { port, messages, connections: () => connections, close }
}

/** Returns the id of the chunk that a message carries. */
export function chunkOf(message: unknown): string {
  // The cast: whatever a sink sends after the handshake has this shape.
  return (message as [string, Uint8Array, { chunk: string }])[2].chunk
}

/** Starts a server that knows the shared key, and sends its nonce as `str`, as old ones do. */
export function startKnowing(key: string, nonce: Buffer, keepalive: boolean): Promise<FluentByHand> {
  const sha512 = (...parts: readonly (string | Uint8Array)[]) =>
    createHash("sha512")
      .update(Buffer.concat(parts.map(part => Buffer.from(part))))
      .digest("hex")
  const hello = Buffer.concat([
    ...[
      Buffer.of(0x92),
      encode("HELO"),
      Buffer.of(0x82),
      encode("nonce"),
      Buffer.of(0xa0 + nonce.length),
      nonce,
    ],
    ...[encode("keepalive"), encode(keepalive)],
  ])
  return startFluentByHand((message, _, socket) => {
    const [kind, name = "", salt = "", proof] = message as readonly string[]
    if (kind !== "PING") return socket.write(encode({ ack: chunkOf(message) }))
    const isRight = proof === sha512(salt, name, nonce, key)
    socket.write(
      encode(["PONG", isRight, isRight ? "" : "wrong", "server", sha512(salt, "server", nonce, key)]),
    )
  }, hello)
}
