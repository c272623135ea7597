import { platform } from "@/lib/platform"
import { type RequestOrigin, readRequestOrigin } from "./request"

/** Returns the id and the source of the request with these headers, trusting the proxies that the environment names. */
export function callerOf(headers: Headers): RequestOrigin {
  const { trustedProxies } = platform()
  return readRequestOrigin(headers, ip => trustedProxies.has(ip))
}
