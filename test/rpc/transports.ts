import { type Api, startApi } from "@/app/api/fixtures/api"
import * as searches from "@/app/v2/users/[user]/audit_log/searches/route"
import { trustNetworks } from "@/lib/http/address"
import { answerSearch } from "@/lib/rpc/search"
import { type RpcServer, startRpc } from "@/lib/rpc/server"
import { type RpcClient, rpcClient } from "./client"

/** What a client of either transport gets to know. */
export interface Said {
  readonly code: number
  readonly description: string
  readonly entries: readonly Readonly<Record<string, unknown>>[]
  /** The whole answer, as text. */
  readonly text: string
}

export interface Asked {
  readonly key: string | null
  readonly user?: string
  /** The ip that a trusted proxy names as the client's. */
  readonly ip?: string
  readonly scheme?: string
  /** The other members of the request. */
  readonly request?: Readonly<Record<string, unknown>>
}

/** One way to call PostAuditLogSearches. */
export interface Transport {
  readonly name: "HTTP" | "gRPC"
  search(asked: Asked): Promise<Said>
}

export interface Transports {
  readonly api: Api
  readonly rpc: RpcServer
  readonly client: RpcClient
  readonly http: Transport
  readonly grpc: Transport
  close(): Promise<void>
}

const proxy = "127.0.0.1"

/** Starts both transports on a database of their own. */
export async function startTransports(
  ...[adapt = () => ({})]: Parameters<typeof startApi>
): Promise<Transports> {
  const api = await startApi(async db => ({
    TRUSTED_PROXIES: proxy,
    // Tests ask faster than people.
    CLARIFAI_RATE: "100000",
    ...(await adapt(db)),
  }))
  const rpc = await startRpc({
    host: "127.0.0.1",
    grpc: { port: 0, tls: null },
    trusts: trustNetworks([proxy]),
    mostInWork: 100,
    answer: answerSearch,
  })
  const client = rpcClient(rpc.port)
  return {
    api,
    rpc,
    client,
    http: overHttp(),
    grpc: overGrpc(client),
    async close() {
      client.close()
      await rpc.close(0)
      await api.close()
    },
  }
}

function overHttp(): Transport {
  return {
    name: "HTTP",
    async search({ key, user = "me", ip = "198.51.100.7", scheme = "Key", request = {} }) {
      const headers = new Headers({ "x-auditorium-peer": proxy, "x-forwarded-for": ip })
      if (key !== null) headers.set("authorization", `${scheme} ${key}`)
      const url = `http://localhost:3000/v2/users/${encodeURIComponent(user)}/audit_log/searches`
      const sent = new Request(url, { method: "POST", headers, body: JSON.stringify(request) })
      const answer = await searches.POST(sent, { params: Promise.resolve({ user }) })
      return saidOf(await answer.text())
    },
  }
}

function overGrpc(client: RpcClient): Transport {
  return {
    name: "gRPC",
    async search({ key, user = "me", ip = "198.51.100.7", scheme, request = {} }) {
      const metadata = { "x-forwarded-for": ip }
      const sent = { ...request, user_app_id: { user_id: user } }
      const { grpc, details, response } = await client.search(sent, { key, scheme, metadata })
      if (grpc !== "OK") throw new Error(`${grpc}: ${details}`)
      return saidOf(JSON.stringify(response))
    },
  }
}

function saidOf(text: string): Said {
  const { status, entries = [] } = JSON.parse(text)
  return { code: status.code, description: status.description, entries, text }
}
