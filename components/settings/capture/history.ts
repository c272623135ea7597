import { type CapturePolicy, shippedPolicy } from "@/lib/audit/capture/policy"
import type { Change } from "@/lib/audit/event/event"
import { isObject, type JsonObject, type JsonValue } from "@/lib/audit/json/value"
import { changesBetween, type PolicyChange } from "./changes"

/** Returns in words what a saved version changed. The changes are those of its event: only what is different is in them. */
export function changesInWords(changes: readonly Change[]): readonly PolicyChange[] {
  const side = (name: "before" | "after") =>
    changes.reduce((policy, change) => withValue(policy, partsOf(change.path), change[name]), whole)
  // The casts: both sides are the shipped policy with members of saved ones.
  const inPolicy = changesBetween(
    side("before") as unknown as CapturePolicy,
    side("after") as unknown as CapturePolicy,
  )
  return [...inPolicy, ...changes.flatMap(dumpChange)]
}

// What no change names is the same on both sides, so any value does.
const whole = shippedPolicy as unknown as JsonObject

function dumpChange({ path, before, after }: Change): readonly PolicyChange[] {
  if (path !== "/supportDumpIncludes") return []
  const words = (value: JsonValue) => (value === true ? "Included" : "Not included")
  return [{ label: "Recorded calls in support dumps", before: words(before), after: words(after) }]
}

function partsOf(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map(part => part.replaceAll("~1", "/").replaceAll("~0", "~"))
}

function withValue(policy: JsonObject, [name, ...inner]: readonly string[], value: JsonValue): JsonObject {
  if (name === undefined) return isObject(value) ? value : policy
  const member = policy[name]
  if (inner.length === 0 || !isObject(member)) return { ...policy, [name]: value }
  return { ...policy, [name]: withValue(member, inner, value) }
}
