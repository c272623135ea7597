import { methods } from "@/lib/http/methods"
import { queryOfAddress } from "@/lib/http/queries"
import { route } from "@/lib/http/route"
import { countEvents } from "@/lib/operations/events/count"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(countEvents, { authenticate: "session", input: queryOfAddress }),
})
