import { methods } from "@/lib/http/methods"
import { route } from "@/lib/http/route"
import { findEvent } from "@/lib/operations/events/find"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(findEvent, { authenticate: "api-key", input: ({ params }) => ({ id: params.id }) }),
})
