import { AppError } from "@/lib/errors"

/**
 * Throws AppError `forbidden` unless the browser says that the request comes from our own pages. For everything that
 * a session authenticates and that changes something.
 */
export function refuseForeignOrigin(headers: Headers, baseUrl: string): void {
  const site = headers.get("sec-fetch-site")
  const origin = headers.get("origin")
  const sameSite = site === null || site === "same-origin"
  const sameOrigin = origin === null ? site !== null : isOwn(origin, headers.get("host"), baseUrl)
  if (sameSite && sameOrigin) return
  throw new AppError("forbidden", "This request did not come from the console's own pages.")
}

// The browser wrote both headers, so an Origin whose host is the Host asked for is a page of ours.
function isOwn(origin: string, host: string | null, baseUrl: string): boolean {
  if (origin === baseUrl) return true
  return URL.canParse(origin) && host !== null && new URL(origin).host === host.toLowerCase()
}
