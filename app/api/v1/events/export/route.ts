import { answerDownload } from "@/lib/http/download"
import { methods } from "@/lib/http/methods"
import { queryWith } from "@/lib/http/queries"
import { route } from "@/lib/http/route"
import { exportEvents } from "@/lib/operations/events/export"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(exportEvents, {
    authenticate: "api-key",
    input: incoming => queryWith(incoming, ["format"]),
    answer: answerDownload,
  }),
})
