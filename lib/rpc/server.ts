import { setTimeout as sleep } from "node:timers/promises"
import {
  status as grpcStatus,
  logVerbosity,
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  setLogVerbosity,
} from "@grpc/grpc-js"
import type { GrpcSettings } from "@/lib/env/grpc"
import { AppError } from "@/lib/errors"
import type { Trust } from "@/lib/http/address"
import { log } from "@/lib/log"
import { createGate } from "@/lib/memory/gate"
import { originOf, type RpcCall, textOf } from "./call"
import { credentialsIn } from "./credentials"
import { arrivalWithin } from "./patience"
import { loadService, type Service } from "./service"

export interface RpcOptions {
  readonly host: string
  /** Port 0 takes a free one. */
  readonly grpc: GrpcSettings
  readonly trusts: Trust
  /** Calls that are worked on at once; further ones are told to come again. */
  readonly mostInWork: number
  /** Time for a message to arrive after its call began; absent = a minute. */
  readonly arrivalMs?: number
  readonly answer: (call: RpcCall, service: Pick<Service, "decode">) => Promise<object>
}

/** A server that listens. */
export interface RpcServer {
  readonly port: number | null
  readonly tlsPort: number | null
  /** Reads the files of the certificate now. */
  renewCertificate(): Promise<void>
  /** Takes no further call, lets running ones finish within the time, then ends every connection. */
  close(graceMs: number): Promise<void>
}

/**
 * A message above this size is refused before it is taken; between our own limit and this one the refusal is a response, in
 * which clients look for it.
 */
const mostMessageBytes = 4 * 1_048_576
const usualArrivalMs = 60_000

const serverOptions = {
  "grpc.max_receive_message_length": mostMessageBytes,
  // What one connection may have open at once; further calls of it wait at the client.
  "grpc.max_concurrent_streams": 100,
  // A connection whose other end is gone is noticed, and one that is not used is closed.
  "grpc.keepalive_time_ms": 60_000,
  "grpc.keepalive_timeout_ms": 20_000,
  "grpc.max_connection_idle_ms": 300_000,
} as const

// What the library logs of a call contains what was sent, authorisations included. We log failures ourselves.
const quietly = () => setLogVerbosity(logVerbosity.NONE)

/** Starts a server on the ports of the settings. Throws an Error in words for the operator when it cannot. */
export async function startRpc(options: RpcOptions): Promise<RpcServer> {
  const { host, grpc, arrivalMs = usualArrivalMs } = options
  quietly()
  const service = loadService()
  const server = new Server({ ...serverOptions, interceptors: [arrivalWithin(arrivalMs)] })
  server.addService(service.definition, { PostAuditLogSearches: handlerOf(options, service) })
  const credentials = grpc.tls && (await credentialsIn(grpc.tls))
  const listen = async (port: number | null | undefined, how: ServerCredentials | undefined) =>
    port === null || port === undefined || how === undefined ? null : bind(server, { host, port, how })
  try {
    const port = await listen(grpc.port, ServerCredentials.createInsecure())
    const tlsPort = await listen(grpc.tls?.port, credentials?.server)
    if (port !== null || tlsPort !== null) log.info("rpc.listening", { host, port, tlsPort })
    return {
      port,
      tlsPort,
      renewCertificate: async () => credentials?.look(),
      async close(graceMs) {
        // It also refuses what arrives on connections that are still open.
        const closed = new Promise<void>(resolve => server.tryShutdown(() => resolve()))
        await Promise.race([closed, sleep(graceMs, undefined, { ref: false })])
        server.forceShutdown()
        credentials?.close()
      },
    }
  } catch (error) {
    credentials?.close()
    server.forceShutdown()
    throw error
  }
}

interface Place {
  readonly host: string
  readonly port: number
  readonly how: ServerCredentials
}

function bind(server: Server, { host, port, how }: Place): Promise<number> {
  const place = `${host.includes(":") ? `[${host}]` : host}:${port}`
  return new Promise((resolve, reject) => {
    server.bindAsync(place, how, (error, bound) => {
      if (error === null) resolve(bound)
      else reject(new Error(`gRPC cannot be served on ${place}: ${error.message}`))
    })
  })
}

type Call = ServerUnaryCall<Uint8Array, object>

/** Returns the function that answers calls, of which so many are worked on at once. */
function handlerOf({ answer, trusts, mostInWork }: RpcOptions, service: Service) {
  const gate = createGate({ running: mostInWork, waiting: 0 })
  return (call: Call, send: sendUnaryData<object>) => {
    gate
      .run(() => answer(readCall(call, trusts), service))
      .then(
        message => send(null, message),
        error => send(failureOf(error)),
      )
  }
}

function readCall(call: Call, trusts: Trust): RpcCall {
  return {
    origin: originOf(call.metadata, call.getPeer(), trusts),
    authorization: textOf(call.metadata, "authorization"),
    bytes: call.request,
    isOver: () => call.cancelled,
  }
}

/** UNAVAILABLE is what clients try again by themselves, so it is said of what passes and of nothing else. */
function failureOf(error: unknown) {
  if (error instanceof AppError && error.code === "unavailable") {
    return { code: grpcStatus.UNAVAILABLE, details: error.message, metadata: new Metadata() }
  }
  log.error("rpc.failed", { error })
  return { code: grpcStatus.INTERNAL, details: "Something went wrong here.", metadata: new Metadata() }
}
