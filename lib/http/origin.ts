import { AppError } from "@/lib/errors"

/**
 * Throws AppError `forbidden` unless the browser states that the request comes from one of our pages, at the url of the
 * installation (BASE_URL), whatever host name the request was sent to. For every write that a session authenticates.
 */
export function refuseForeignOrigin(headers: Headers, baseUrl: string): void {
  const site = headers.get("sec-fetch-site")
  const origin = headers.get("origin")
  const sameSite = site === null || site === "same-origin"
  const sameOrigin = origin === null ? site !== null : origin === baseUrl
  if (sameSite && sameOrigin) return
  throw new AppError(
    "forbidden",
    `This request did not come from the console's own pages, which are at ${baseUrl} only.`,
  )
}
