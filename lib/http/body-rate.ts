import { type BodyRate, rateOfAddress, rateOfKey } from "@/lib/operations/events/sending-rate"
import type { Caller } from "@/lib/operations/operation"

/** Returns who pays for reading a body: the key and its organization, or the address of somebody who has none. */
export function rateOfCaller({ principal, source }: Pick<Caller, "principal" | "source">): BodyRate {
  return principal.kind === "api-key" ? rateOfKey(principal) : rateOfAddress(source?.ip ?? null)
}
