import { type Platform, platform } from "@/lib/platform"
import { type Trust, trustNetworks } from "./address"
import { type RequestOrigin, readRequestOrigin } from "./request"

const trusts = new WeakMap<Platform, Trust>()

/** Returns the id and the source of the request with these headers, trusting the proxies that the environment names. */
export function callerOf(headers: Headers): RequestOrigin {
  const current = platform()
  const trust = trusts.get(current) ?? trustNetworks(current.env.trustedProxies)
  trusts.set(current, trust)
  return readRequestOrigin(headers, trust)
}
