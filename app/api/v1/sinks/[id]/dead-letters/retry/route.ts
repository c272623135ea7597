import { methods } from "@/lib/http/methods"
import { route } from "@/lib/http/route"
import { objectOfBody } from "@/lib/http/sinks"
import { retryDeadLetters } from "@/lib/operations/sinks/retry"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(retryDeadLetters, { authenticate: "api-key", input: objectOfBody }),
})
