import { methods } from "@/lib/http/methods"
import { route } from "@/lib/http/route"
import { resumeSink } from "@/lib/operations/sinks/resume"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(resumeSink, { authenticate: "api-key", input: ({ params }) => ({ id: params.id }) }),
})
