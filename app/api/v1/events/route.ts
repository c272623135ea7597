import { answerIngestion, readSentEvents } from "@/lib/http/ingest"
import { methods } from "@/lib/http/methods"
import { answerEventPage, queryOfAddress } from "@/lib/http/queries"
import { route } from "@/lib/http/route"
import { ingestEvents } from "@/lib/operations/events/ingest"
import { searchEvents } from "@/lib/operations/events/search"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(searchEvents, { authenticate: "api-key", input: queryOfAddress, answer: answerEventPage }),
  POST: route(ingestEvents, { authenticate: "api-key", input: readSentEvents, answer: answerIngestion }),
})
