import { answerPolicy, readSentPolicy } from "@/lib/http/capture-policy"
import { methods } from "@/lib/http/methods"
import { route } from "@/lib/http/route"
import { fetchCapturePolicy, readCapturePolicy } from "@/lib/operations/capture/policy"
import { updateCapturePolicy } from "@/lib/operations/capture/update"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(readCapturePolicy, {
    authenticate: "api-key",
    otherwise: fetchCapturePolicy,
    input: () => ({}),
    answer: answerPolicy,
  }),
  PUT: route(updateCapturePolicy, { authenticate: "api-key", input: readSentPolicy, answer: answerPolicy }),
})
