// An application for bench/sdk.ts: `node bench/sdk-server.mjs bare|express none|sdk`. It reports the CPU time that it has used when it is asked.
import { createServer } from "node:http"
import express from "express"

// The built package, as applications have it.
const built = name => import(new URL(`../sdk/dist/${name}.js`, import.meta.url).href)
const { auditorium: forExpress } = await built("express")
const { auditorium: forNode } = await built("node")

const [framework, capture] = process.argv.slice(2)
const caller = () => ({ type: "user", id: "ada" })
const answer = Buffer.from('{"ok":true}')

function bare() {
  const handler = (request, response) => {
    request.on("data", () => undefined)
    request.on("end", () => {
      response.writeHead(200, { "content-type": "application/json", "content-length": answer.length })
      response.end(answer)
    })
  }
  return createServer(capture === "sdk" ? forNode(handler, { caller }) : handler)
}

function withExpress() {
  const app = express()
  if (capture === "sdk") app.use(forExpress({ caller }))
  app.use(express.json())
  app.all("/orders/:id", (request, response) =>
    response.json({ id: request.params.id, got: typeof request.body }),
  )
  return createServer(app)
}

const server = framework === "express" ? withExpress() : bare()
server.keepAliveTimeout = 60_000
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }))
process.on("message", () => {
  const { user, system } = process.cpuUsage()
  process.send({ microseconds: user + system })
})
process.on("disconnect", () => process.exit())
