import { callerOf } from "@/lib/http/caller"
import { jsonResponse } from "@/lib/http/headers"
import type { RouteHandler } from "@/lib/http/route"
import { describeApi } from "@/lib/operations/openapi"
import { platform } from "@/lib/platform"

/** Answers the description of the API (OpenAPI 3.1). Anybody may read it. */
export const answerOpenApi: RouteHandler = async request =>
  jsonResponse(describeApi(platform().env.baseUrl), callerOf(request.headers).requestId)
