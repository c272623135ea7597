import type { Exchange } from "@/lib/request-marks"

/** Headers of requests that a browser or an open page sends ahead of time. */
const aheadOfTime = ["next-router-prefetch", "next-router-segment-prefetch", "x-middleware-prefetch"]
/** Addresses that an open page asks by itself: numbers beside what somebody looks at, and whether the session still holds. */
const askedByPage = /^\/account\/session$|^\/[^/]+\/admin\/audit-logs\/count$/

/** Returns whether an open page of the console sends such a request by itself, rather than because somebody did something. */
export function isSentByPage({
  request: { headers, method },
  url,
}: Pick<Exchange, "request" | "url">): boolean {
  if (method !== "GET" && method !== "HEAD") return false
  // Programs call these, and could say anything about why.
  if (/^\/(?:api|v2)\//.test(url)) return false
  if (aheadOfTime.some(name => headers[name] !== undefined)) return true
  const purposes = [headers.purpose, headers["sec-purpose"]]
  if (purposes.some(purpose => /(?:^|[;,\s])prefetch/i.test(String(purpose ?? "")))) return true
  return askedByPage.test(url.split("?", 1)[0] ?? "")
}
