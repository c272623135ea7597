// A web process without its pages: the search over HTTP behind our own HTTP server, and gRPC, on one platform. It tells its
// parent of every call.
import type * as http from "node:http"
import { Readable } from "node:stream"
import * as searches from "@/app/v2/users/[user]/audit_log/searches/route"
import { trustNetworks } from "@/lib/http/address"
import { platform } from "@/lib/platform"
import { answerSearch } from "@/lib/rpc/search"
import { startRpc } from "@/lib/rpc/server"
import { createHttpServer } from "@/scripts/launcher/http-server.mjs"

const { env } = platform()

function tell(transport: string, authorization: string | null): void {
  process.send?.({ transport, authorization })
}

async function handle(message: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  const { pathname } = new URL(message.url ?? "", "http://localhost")
  const [, version, , user = ""] = pathname.split("/")
  if (version !== "v2") return void response.writeHead(404).end()
  tell("HTTP", message.headers.authorization ?? null)
  const headers = new Headers(
    Object.entries(message.headers).map(([name, value]): [string, string] => [name, String(value)]),
  )
  const body = Readable.toWeb(message) as ReadableStream<Uint8Array>
  const init = { method: "POST", headers, body, duplex: "half" } satisfies RequestInit & { duplex: string }
  const request = new Request(`http://localhost${message.url}`, init)
  const answer = await searches.POST(request, { params: Promise.resolve({ user }) })
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  response.end(await answer.text())
}

const { server } = createHttpServer({ handle, baseUrl: env.baseUrl, trustedProxies: env.trustedProxies })
const rpc = await startRpc({
  host: env.host,
  grpc: env.grpc,
  trusts: trustNetworks(env.trustedProxies),
  mostInWork: 100,
  answer: (call, service) => {
    tell("gRPC", call.authorization)
    return answerSearch(call, service)
  },
})
server.listen(env.port, env.host, () => process.send?.({ ready: true }))
process.on("disconnect", async () => {
  await rpc.close(0)
  process.exit(0)
})
