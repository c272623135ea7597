import { methods } from "@/lib/http/methods"
import { route } from "@/lib/http/route"
import { objectOfBody } from "@/lib/http/sinks"
import { testSink } from "@/lib/operations/sinks/test"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(testSink, { authenticate: "api-key", input: objectOfBody }),
})
