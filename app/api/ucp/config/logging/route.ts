import { methods } from "@/lib/http/methods"
import { route } from "@/lib/http/route"
import { answerLogging, readSentLogging } from "@/lib/http/ucp-logging"
import { readUcpLogging, updateUcpLogging } from "@/lib/operations/capture/ucp-logging"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(readUcpLogging, { authenticate: "api-key", input: () => ({}), answer: answerLogging }),
  PUT: route(updateUcpLogging, { authenticate: "api-key", input: readSentLogging, answer: answerLogging }),
})
