import { createServer } from "node:http"
import { auditorium } from "auditorium/node"
import { callerOf, late, listening, pieces, stream } from "./raw.mjs"

const slow = { waits: 0, faults: 0 }

async function handler(request, response) {
  const json = (status, value) => {
    response.writeHead(status, { "content-type": "application/json" })
    response.end(JSON.stringify(value))
  }
  const path = request.url.split("?")[0]
  if (path === "/stream") return stream(response, slow)
  if (path === "/slow") return json(200, slow)
  if (path === "/pieces") return pieces(response)
  if (path === "/unread") return json(200, {})
  if (path === "/late") return json(200, { bytes: await late(request) })
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks).toString()
  json(201, { id: "u7", length: body.length, password: "hunter2hunter2" })
}

const server = createServer(auditorium(handler, { caller: callerOf })).listen(0, "127.0.0.1", () =>
  listening(server),
)
