import { logStateOf } from "@/app/(console)/[organization]/admin/audit-logs/log-state"
import { addressKey } from "@/components/audit-log/query/address"
import { jsonResponse } from "@/lib/http/headers"
import { methods } from "@/lib/http/methods"
import { queryOfAddress } from "@/lib/http/queries"
import { route } from "@/lib/http/route"
import { openLog } from "@/lib/operations/events/open-log"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(openLog, {
    authenticate: "session",
    input: queryOfAddress,
    answer: (opened, { url, caller }) =>
      jsonResponse(logStateOf(addressKey(url.searchParams), opened), caller.requestId),
  }),
})
