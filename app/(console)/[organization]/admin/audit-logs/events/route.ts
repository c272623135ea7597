import { rowsOf } from "@/app/(console)/[organization]/admin/audit-logs/log-state"
import { jsonResponse } from "@/lib/http/headers"
import { methods } from "@/lib/http/methods"
import { queryOfAddress } from "@/lib/http/queries"
import { route } from "@/lib/http/route"
import { searchEvents } from "@/lib/operations/events/search"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(searchEvents, {
    authenticate: "session",
    input: queryOfAddress,
    answer: (page, { caller }) => jsonResponse(rowsOf(page), caller.requestId),
  }),
})
