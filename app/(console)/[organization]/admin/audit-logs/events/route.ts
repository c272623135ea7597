import { methods } from "@/lib/http/methods"
import { answerEventPage, questionOfAddress } from "@/lib/http/questions"
import { route } from "@/lib/http/route"
import { searchEvents } from "@/lib/operations/events/events"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(searchEvents, { authenticate: "session", input: questionOfAddress, answer: answerEventPage }),
})
