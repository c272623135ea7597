import { type JsonObject, present } from "@/lib/audit/json/value"
import { cleanText } from "./clean"
import type { CapturedCall } from "./event"
import { levelOf } from "./level"

/** Returns what `metadata.call` of an event holds. */
export function factsOf(
  { call, policy, policyVersion, decision, profile }: CapturedCall,
  _isRedacted: boolean,
): JsonObject {
  const { endpoint, version, profile: known = profile.name } = profile.endpointOf(call)
  return present({
    endpoint,
    version: policy.categories.version ? version : undefined,
    level: levelOf(decision),
    rule: decision.rule,
    policyVersion,
    profile: known,
    licenseKey: policy.licenseKey === null ? undefined : cleanText(policy.licenseKey, 256),
    state: call.state ?? undefined,
  }) as JsonObject
}
