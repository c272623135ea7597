import { platform } from "@/lib/platform"
import { answerSearch } from "./search"
import { type RpcServer, startRpc } from "./server"

/** Where scripts/server.mjs, which cannot import from the bundle, finds the function that starts gRPC. */
const key = Symbol.for("auditorium.rpc")

/** Offers our HTTP server to start gRPC when it begins to listen, and to end it when it ends. */
export function offerRpc(): void {
  const start = (): Promise<RpcServer> => {
    const { env, trustedProxies } = platform()
    return startRpc({
      host: env.host,
      grpc: env.grpc,
      trusts: ip => trustedProxies.has(ip),
      mostInWork: env.requestsInWork,
      answer: answerSearch,
    })
  }
  Object.assign(globalThis, { [key]: start })
}
