import { type BodyRate, rateOfAddress, rateOfKey } from "@/lib/operations/events/sending-rate"
import type { Caller } from "@/lib/operations/operation"

/**
 * Returns the rate limit that a body is charged to: that of the key and its organization, or of the ip of a caller without
 * a key.
 */
export function rateOfCaller({ principal, source }: Pick<Caller, "principal" | "source">): BodyRate {
  return principal.kind === "api-key" ? rateOfKey(principal) : rateOfAddress(source?.ip ?? null)
}
