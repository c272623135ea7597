import { logStateOf } from "@/app/(console)/[organization]/admin/audit-logs/log-state"
import { addressKey } from "@/components/audit-log/question/address"
import { jsonResponse } from "@/lib/http/headers"
import { methods } from "@/lib/http/methods"
import { questionOfAddress } from "@/lib/http/questions"
import { route } from "@/lib/http/route"
import { openLog } from "@/lib/operations/events/open-log"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(openLog, {
    authenticate: "session",
    input: questionOfAddress,
    answer: (opened, { url, caller }) =>
      jsonResponse(logStateOf(addressKey(url.searchParams), opened), caller.requestId),
  }),
})
