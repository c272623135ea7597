import { methods } from "@/lib/http/methods"
import { questionOfAddress } from "@/lib/http/questions"
import { route } from "@/lib/http/route"
import { countEvents } from "@/lib/operations/events/events"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(countEvents, { authenticate: "session", input: questionOfAddress }),
})
