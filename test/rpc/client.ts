import {
  type CallOptions,
  type ChannelCredentials,
  Client,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from "@grpc/grpc-js"
import protobuf from "protobufjs"
import { proto } from "@/lib/clarifai/proto"

/** A response, or the status of gRPC instead of one. */
export interface Answered {
  /** `OK`, `UNAVAILABLE` and so on. */
  readonly grpc: string
  readonly details: string
  /** `status.code` of the response. */
  readonly code: number | undefined
  readonly response: Message
}

export interface SearchOptions extends CallOptions {
  readonly key?: string | null
  readonly scheme?: string
  readonly metadata?: Readonly<Record<string, string>>
  readonly path?: string
}

export interface RpcClient {
  /** Sends a request, which is a message or the bytes of one. */
  search(request: object | Uint8Array, options?: SearchOptions): Promise<Answered>
  close(): void
}

/** A decoded response, as far as tests look at it. */
export interface Message {
  readonly status?: { readonly code: number; readonly description: string; readonly details?: string }
  readonly entries?: readonly Readonly<Record<string, unknown>>[]
}

const { root } = protobuf.parse(proto, { keepCase: true })
const requestType = root.lookupType("clarifai.api.PostAuditLogSearchesRequest")
const responseType = root.lookupType("clarifai.api.MultiAuditLogEntryResponse")
const searchPath = "/clarifai.api.V2/PostAuditLogSearches"

export const encodeRequest = (request: object): Buffer =>
  Buffer.from(requestType.encode(requestType.fromObject(request)).finish())

export const decodeResponse = (bytes: Uint8Array): Message =>
  responseType.toObject(responseType.decode(bytes), { longs: String })

/** Returns a client of the port, on a connection of its own. */
export function rpcClient(
  port: number | null,
  how: ChannelCredentials = credentials.createInsecure(),
  options = {},
): RpcClient {
  const client = new Client(`localhost:${port}`, how, { "grpc.use_local_subchannel_pool": 1, ...options })
  return {
    search: (request, { key, scheme = "Key", metadata = {}, path = searchPath, ...calling } = {}) => {
      const sent = new Metadata()
      for (const [name, value] of Object.entries(metadata)) sent.set(name, value)
      if (key) sent.set("authorization", `${scheme} ${key}`)
      const bytes = request instanceof Uint8Array ? Buffer.from(request) : encodeRequest(request)
      return new Promise(resolve => {
        client.makeUnaryRequest(
          path,
          (message: Buffer) => message,
          (message: Buffer) => message,
          bytes,
          sent,
          calling,
          (error: ServiceError | null, message?: Buffer) => resolve(answeredOf(error, message)),
        )
      })
    },
    close: () => client.close(),
  }
}

function answeredOf(error: ServiceError | null, message: Buffer | undefined): Answered {
  const grpc = status[error?.code ?? status.OK]
  if (message === undefined) return { grpc, details: error?.details ?? "", code: undefined, response: {} }
  const response = decodeResponse(message)
  return { grpc, details: "", code: response.status?.code, response }
}
