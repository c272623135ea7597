import { answerSearch, clarifaiDialect as dialect, readSentSearch } from "@/lib/http/clarifai"
import { methods } from "@/lib/http/methods"
import { route } from "@/lib/http/route"
import { searchAsClarifai } from "@/lib/operations/clarifai/search"

const search = route(searchAsClarifai, {
  authenticate: "api-key",
  input: readSentSearch,
  answer: answerSearch,
  dialect,
})

// OPTIONS has no response of its own: it would be the only one without a `status`.
export const { GET, GET: OPTIONS, HEAD, POST, PUT, PATCH, DELETE } = methods({ POST: search }, dialect)
