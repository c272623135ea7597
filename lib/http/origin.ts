import { AppError } from "@/lib/errors"

/**
 * Throws AppError `forbidden` unless the browser says that the request comes from a page of ours, which is one at the address of
 * the installation (BASE_URL), under whatever name the request was sent. For everything that a session authenticates and
 * that changes something.
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
