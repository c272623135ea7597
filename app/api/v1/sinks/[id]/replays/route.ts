import { methods } from "@/lib/http/methods"
import { route } from "@/lib/http/route"
import { answerCreated, objectOfBody } from "@/lib/http/sinks"
import { replaySink } from "@/lib/operations/sinks/replay"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(replaySink, { authenticate: "api-key", input: objectOfBody, answer: answerCreated }),
})
