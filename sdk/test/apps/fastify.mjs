import { auditorium } from "auditorium/fastify"
import Fastify from "fastify"
import { callerOf, late, listening, pieces, stream } from "./raw.mjs"

const slow = { waits: 0, faults: 0 }
const app = Fastify({ bodyLimit: 5_000_000 })
await app.register(auditorium, { caller: callerOf })
const raw = answer => async (request, reply) => {
  reply.hijack()
  const value = await answer(request.raw, reply.raw)
  if (!reply.raw.writableEnded && value !== undefined) reply.raw.end(JSON.stringify(value))
}
app.get(
  "/stream",
  raw((_request, response) => stream(response, slow)),
)
app.get("/slow", async () => slow)
app.get(
  "/pieces",
  raw((_request, response) => pieces(response)),
)
await app.register(async instance => {
  // Fastify reads bodies before its handlers do; these are handed over as they come.
  instance.removeAllContentTypeParsers()
  instance.addContentTypeParser("*", (_request, _payload, done) => done(null))
  instance.post("/unread", async () => ({}))
  instance.post("/late", async request => ({ bytes: await late(request.raw) }))
})
app.post("/users/:id", async (request, reply) => {
  reply.code(201)
  return { id: "u7", length: JSON.stringify(request.body).length, password: "hunter2hunter2" }
})
await app.listen({ port: 0, host: "127.0.0.1" })
listening(app.server)
