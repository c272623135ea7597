import { once } from "node:events"
import type { ClientHttp2Session } from "node:http2"
import { decodeResponse } from "./client"

export interface Raw {
  readonly encoding?: string
  /** 1 = the message is said to be compressed. */
  readonly flag?: number
  readonly body: Uint8Array
  readonly headers?: Readonly<Record<string, string>>
  /** False: the call stays open, as if more of it were to come. */
  readonly ends?: boolean
}

/** Headers and trailers of an answer, and `status.code` of its message when it has one. */
export interface RawAnswer {
  readonly heads: Readonly<Record<string, unknown>>
  readonly code: number | undefined
}

/** Sends a call as no library would. Ends the session. */
export async function rawCall(
  session: ClientHttp2Session,
  { encoding = "identity", flag = 0, body, headers, ends = true }: Raw,
): Promise<RawAnswer> {
  session.on("error", () => {})
  try {
    const stream = session.request({
      ":method": "POST",
      ":path": "/clarifai.api.V2/PostAuditLogSearches",
      "content-type": "application/grpc",
      te: "trailers",
      "grpc-encoding": encoding,
      ...headers,
    })
    stream.on("error", () => {})
    const head = Buffer.alloc(5)
    head.writeUInt8(flag, 0)
    head.writeUInt32BE(body.length, 1)
    const whole = Buffer.concat([head, body])
    if (ends) stream.end(whole)
    else stream.write(whole.subarray(0, 3))
    const heads: Record<string, unknown> = {}
    const chunks: Buffer[] = []
    stream.on("response", response => Object.assign(heads, response))
    stream.on("trailers", trailers => Object.assign(heads, trailers))
    stream.on("data", chunk => chunks.push(chunk))
    // A stream whose own side stays open closes never.
    await once(stream, ends ? "close" : "end")
    const message = Buffer.concat(chunks).subarray(5)
    return { heads, code: message.length === 0 ? undefined : decodeResponse(message).status?.code }
  } finally {
    session.destroy()
  }
}
