import { answerWith, fetchCapture } from "./fetch-capture"
import { nodePlatform } from "./node-platform"
import type { CaptureOptions, MaybePromise } from "./options"

export interface RouteOptions {
  /** The route as Next writes it, such as /invoices/[id]. Else it is derived from the parameters of the call. */
  readonly route?: string | undefined
}

/**
 * Returns a wrapper for the route handlers of Next, in its Node runtime.
 *
 *     const audited = auditorium({ caller: request => ... })
 *     export const POST = audited(async request => ...)
 */
export function auditorium<Subject extends Request = Request>(options: CaptureOptions<Subject> = {}) {
  const capture = fetchCapture<Subject>(options, "next", nodePlatform)
  return <Incoming extends Subject, Rest extends unknown[]>(
    handler: (request: Incoming, ...rest: Rest) => MaybePromise<Response>,
    { route }: RouteOptions = {},
  ) =>
    (request: Incoming, ...rest: Rest): Promise<Response> => {
      const call = capture(request, {
        subject: request,
        peer: null,
        route: () => route ?? routeByParameters(request, rest[0]),
      })
      return answerWith(call, () => handler(request, ...rest), statusOfThrown)
    }
}

/** `redirect()` and `notFound()` of Next throw, with the status in a text. */
function statusOfThrown(error: unknown): number {
  const digest = typeof error === "object" && error !== null && "digest" in error ? error.digest : undefined
  const status =
    typeof digest === "string" && /^NEXT_/.test(digest) ? /;(\d{3})(?:;|$)/.exec(digest)?.[1] : undefined
  return Number(status ?? 500)
}

/** Returns the path with the names of parameters in the place of their values; null when there are none. */
async function routeByParameters(request: Request, context: unknown): Promise<string | null> {
  try {
    const given =
      typeof context === "object" && context !== null && "params" in context ? await context.params : null
    if (typeof given !== "object" || given === null) return null
    const path = new URL(request.url).pathname.split("/").map(decodeURIComponent)
    for (const [name, value] of Object.entries(given)) replace(path, name, value)
    return path.join("/")
  } catch {
    // The route is an addition; without it the path says what was called.
    return null
  }
}

/** Parameters stand behind the fixed parts of a path, so the last segment of that value is meant. */
function replace(path: string[], name: string, value: unknown): void {
  if (typeof value === "string") {
    const at = path.lastIndexOf(value)
    if (at !== -1) path[at] = `[${name}]`
  } else if (Array.isArray(value) && value.length > 0) {
    path.splice(path.length - value.length, value.length, `[...${name}]`)
  }
}
