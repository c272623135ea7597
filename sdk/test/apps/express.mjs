import { auditorium } from "auditorium/express"
import express from "express"
import { callerOf, late, listening, pieces, stream } from "./raw.mjs"

const slow = { waits: 0, faults: 0 }
const app = express()
app.use(auditorium({ caller: callerOf }))
app.get("/stream", (_request, response) => stream(response, slow))
app.get("/slow", (_request, response) => response.json(slow))
app.get("/pieces", (_request, response) => pieces(response))
app.post("/unread", (_request, response) => response.json({}))
app.post("/late", async (request, response) => response.json({ bytes: await late(request) }))
const users = express.Router()
users.post("/:id", express.json({ limit: "5mb" }), (request, response) => {
  response
    .status(201)
    .json({ id: "u7", length: JSON.stringify(request.body).length, password: "hunter2hunter2" })
})
app.use("/users", users)
const server = app.listen(0, "127.0.0.1", () => listening(server))
