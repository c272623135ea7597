import { methods } from "@/lib/http/methods"
import { route } from "@/lib/http/route"
import { describeKey } from "@/lib/operations/api-keys/describe"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(describeKey, { authenticate: "api-key", input: () => ({}) }),
})
