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

export const { GET, HEAD, POST, PUT, PATCH, DELETE } = methods({ POST: search }, dialect)

// The usual response to OPTIONS has no body, and would be the only one here without a `status`.
export const OPTIONS = GET
