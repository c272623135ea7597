import { methods } from "@/lib/http/methods"
import { answerOpenApi } from "@/lib/http/openapi"

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({ GET: answerOpenApi })
