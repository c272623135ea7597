import { readLooseJsonBody } from "@/lib/http/json-body"
import { methods } from "@/lib/http/methods"
import { route } from "@/lib/http/route"
import { reportCaptureCounts } from "@/lib/operations/capture/report"

const limits = { maximumBytes: 1024 * 1024 }

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(reportCaptureCounts, {
    authenticate: "api-key",
    input: incoming => readLooseJsonBody(incoming, limits),
  }),
})
