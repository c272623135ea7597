import { methods } from "@/lib/http/methods"
import { route } from "@/lib/http/route"
import { findUserSession } from "@/lib/operations/sign-in/user-session"

/** Tells an open page whether its session is still valid, and whose it is. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(findUserSession, {
    authenticate: "session",
    input: () => ({}),
    answer: ({ person }) =>
      Response.json({ email: person.email }, { headers: { "cache-control": "no-store" } }),
  }),
})
