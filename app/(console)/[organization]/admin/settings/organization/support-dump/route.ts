import { methods } from "@/lib/http/methods"
import { route } from "@/lib/http/route"
import { answerSupportDump } from "@/lib/http/support-dump"
import { createSupportDump } from "@/lib/operations/support-dump/support-dump"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(createSupportDump, {
    authenticate: "session",
    input: () => ({}),
    answer: answerSupportDump,
  }),
})
