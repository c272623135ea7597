// Route handlers as Next calls them: with its own request and the parameters of the path in a promise.
import { createServer } from "node:http"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { setTimeout as wait } from "node:timers/promises"
import { auditorium } from "auditorium/next"
import { NextRequest, NextResponse } from "next/server.js"
import { byFetch, slow } from "./fetch-routes.mjs"
import { listening } from "./raw.mjs"

const audited = auditorium({
  trustedProxies: ["127.0.0.1"],
  caller: request => {
    const who = request.headers.get("x-who")
    if (who === "throws") throw new Error("no session store")
    if (who === "rejects") return Promise.reject(new Error("no session store"))
    return who === null ? null : { type: "user", id: who }
  },
})

const routes = {
  "/stream": audited(() => byFetch.stream()),
  "/slow": () => NextResponse.json(slow),
  "/pieces": audited(() => byFetch.pieces()),
  "/unread": audited(() => NextResponse.json({})),
  "/late": audited(async request => {
    await wait(50)
    return NextResponse.json({ bytes: (await request.arrayBuffer()).byteLength })
  }),
}
const user = audited(async (request, { params }) => {
  const { id } = await params
  const body = await request.json()
  if (request.nextUrl.pathname !== `/users/${id}`) throw new Error("the request of Next has lost its address")
  return NextResponse.json(
    { id: "u7", length: JSON.stringify(body).length, password: "hunter2hunter2" },
    { status: 201 },
  )
})

const server = createServer(async (incoming, outgoing) => {
  const url = `http://localhost${incoming.url}`
  const hasBody = incoming.method === "POST"
  const request = new NextRequest(url, {
    method: incoming.method,
    headers: { ...incoming.headers, "x-forwarded-for": incoming.socket.remoteAddress },
    body: hasBody ? Readable.toWeb(incoming) : undefined,
    duplex: "half",
  })
  const path = incoming.url.split("?")[0]
  const handler = routes[path] ?? user
  const response = await handler(request, { params: Promise.resolve({ id: path.split("/")[2] }) })
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  if (response.body === null) return outgoing.end()
  // As Next does: a receiver that goes away cancels the body.
  await pipeline(Readable.fromWeb(response.body), outgoing).catch(() => undefined)
}).listen(0, "127.0.0.1", () => listening(server))
