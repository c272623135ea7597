import { setTimeout as wait } from "node:timers/promises"
import { serve } from "@hono/node-server"
import { auditorium } from "auditorium/hono"
import { Hono } from "hono"
import { byFetch, slow } from "./fetch-routes.mjs"
import { listening } from "./raw.mjs"

const app = new Hono()
const callerOf = context => {
  const who = context.req.header("x-who")
  if (who === "throws") throw new Error("no session store")
  if (who === "rejects") return Promise.reject(new Error("no session store"))
  return who === undefined ? null : { type: "user", id: who }
}
app.use(auditorium({ caller: callerOf }))
app.get("/stream", () => byFetch.stream())
app.get("/slow", context => context.json(slow))
app.get("/pieces", () => byFetch.pieces())
app.post("/unread", context => context.json({}))
app.post("/late", async context => {
  await wait(50)
  return context.json({ bytes: (await context.req.arrayBuffer()).byteLength })
})
app.post("/users/:id", async context => {
  const body = await context.req.json()
  return context.json({ id: "u7", length: JSON.stringify(body).length, password: "hunter2hunter2" }, 201)
})
const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, () => listening(server))
