import { methods } from "@/lib/http/methods"
import { route } from "@/lib/http/route"
import { listSinkKinds } from "@/lib/operations/sinks/kinds"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(listSinkKinds, { authenticate: "api-key", input: () => ({}) }),
})
