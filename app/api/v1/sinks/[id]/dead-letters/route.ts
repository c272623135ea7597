import { methods } from "@/lib/http/methods"
import { route } from "@/lib/http/route"
import { objectOfUrl } from "@/lib/http/sinks"
import { listDeadLetters } from "@/lib/operations/sinks/dead-letters"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(listDeadLetters, { authenticate: "api-key", input: objectOfUrl }),
})
