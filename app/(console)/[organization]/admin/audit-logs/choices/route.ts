import { methods } from "@/lib/http/methods"
import { questionWith } from "@/lib/http/questions"
import { route } from "@/lib/http/route"
import { listChoices } from "@/lib/operations/events/events"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(listChoices, {
    authenticate: "session",
    input: incoming => questionWith(incoming, ["field", "typed"]),
  }),
})
