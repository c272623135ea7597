import { methods } from "@/lib/http/methods"
import { route } from "@/lib/http/route"
import { objectOfBody } from "@/lib/http/sinks"
import { deleteSink } from "@/lib/operations/sinks/delete"
import { findSink } from "@/lib/operations/sinks/find"
import { updateSink } from "@/lib/operations/sinks/update"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(findSink, { authenticate: "api-key", input: ({ params }) => ({ id: params.id }) }),
  PATCH: route(updateSink, { authenticate: "api-key", input: objectOfBody }),
  DELETE: route(deleteSink, { authenticate: "api-key", input: ({ params }) => ({ id: params.id }) }),
})
