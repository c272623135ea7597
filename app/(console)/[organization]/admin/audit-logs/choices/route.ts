import { methods } from "@/lib/http/methods"
import { queryWith } from "@/lib/http/queries"
import { route } from "@/lib/http/route"
import { listChoices } from "@/lib/operations/events/list-choices"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(listChoices, {
    authenticate: "session",
    input: incoming => queryWith(incoming, ["field", "typed"]),
  }),
})
