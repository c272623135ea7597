import { describeApi } from "@/lib/operations/openapi/openapi"
import { platform } from "@/lib/platform"
import { callerOf } from "./caller"
import { jsonResponse } from "./headers"
import type { RouteHandler } from "./route"

/** Responds with the description of the API (OpenAPI 3.1). Public. */
export const answerOpenApi: RouteHandler = async request =>
  jsonResponse(describeApi(platform().env.baseUrl), callerOf(request.headers).requestId)
