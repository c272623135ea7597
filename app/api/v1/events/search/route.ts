import { methods } from "@/lib/http/methods"
import { answerEventPage, questionOfBody } from "@/lib/http/questions"
import { route } from "@/lib/http/route"
import { searchEvents } from "@/lib/operations/events/events"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(searchEvents, { authenticate: "api-key", input: questionOfBody, answer: answerEventPage }),
})
