import { methods } from "@/lib/http/methods"
import { route } from "@/lib/http/route"
import { rangeOfUrl } from "@/lib/http/sinks"
import { countSinkRange } from "@/lib/operations/sinks/count-range"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(countSinkRange, { authenticate: "api-key", input: rangeOfUrl }),
})
