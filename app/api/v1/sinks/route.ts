import { methods } from "@/lib/http/methods"
import { route } from "@/lib/http/route"
import { answerCreated, objectOfBody } from "@/lib/http/sinks"
import { createSink } from "@/lib/operations/sinks/create"
import { listSinks } from "@/lib/operations/sinks/list"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(listSinks, { authenticate: "api-key", input: () => ({}) }),
  POST: route(createSink, { authenticate: "api-key", input: objectOfBody, answer: answerCreated }),
})
