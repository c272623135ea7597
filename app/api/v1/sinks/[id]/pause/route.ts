import { methods } from "@/lib/http/methods"
import { route } from "@/lib/http/route"
import { pauseSink } from "@/lib/operations/sinks/pause"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(pauseSink, { authenticate: "api-key", input: ({ params }) => ({ id: params.id }) }),
})
