import { methods } from "@/lib/http/methods"
import { route } from "@/lib/http/route"
import { objectOfUrl } from "@/lib/http/sinks"
import { listDeliveries } from "@/lib/operations/sinks/deliveries"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(listDeliveries, { authenticate: "api-key", input: objectOfUrl }),
})
