import { methods } from "@/lib/http/methods"
import { answerEventPage, queryOfBody } from "@/lib/http/queries"
import { route } from "@/lib/http/route"
import { searchEvents } from "@/lib/operations/events/search"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(searchEvents, { authenticate: "api-key", input: queryOfBody, answer: answerEventPage }),
})
