import type { Caller } from "@/lib/operations/core/operation"
import { type BodyRate, rateOfAddress, rateOfKey } from "@/lib/operations/events/sending-rate"
import { platform } from "@/lib/platform"

/**
 * Returns the rate limit that a body is charged to: that of the key and its organization, or of the ip of a caller without
 * a key.
 */
export function rateOfCaller({ principal, source }: Pick<Caller, "principal" | "source">): BodyRate {
  const { rates } = platform()
  return principal.kind === "api-key" ? rateOfKey(rates, principal) : rateOfAddress(rates, source?.ip ?? null)
}
