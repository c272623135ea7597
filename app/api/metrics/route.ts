import { methods } from "@/lib/http/methods"
import { answerMetrics } from "@/lib/http/metrics"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({ GET: answerMetrics })
