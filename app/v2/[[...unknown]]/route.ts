import { answerUnknownToClarifai } from "@/lib/http/clarifai"

export {
  answerUnknownToClarifai as DELETE,
  answerUnknownToClarifai as GET,
  answerUnknownToClarifai as HEAD,
  answerUnknownToClarifai as OPTIONS,
  answerUnknownToClarifai as PATCH,
  answerUnknownToClarifai as POST,
  answerUnknownToClarifai as PUT,
}
