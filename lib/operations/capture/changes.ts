import type { CapturePolicy } from "@/lib/audit/capture/policy"
import type { Change } from "@/lib/audit/event/event"
import { eventLimits } from "@/lib/audit/event/limits"
import { canonicalJson } from "@/lib/audit/json/canonical"
import { isObject, type JsonObject, type JsonValue } from "@/lib/audit/json/value"
import { jsonPointer } from "@/lib/errors"

/** Room for what is changed along with the policy. */
const mostChanges = eventLimits.changeCount - 4

/** Returns what an event says of a change of the policy: each member, or the whole when there are more than it can list. */
export function changesOf(before: CapturePolicy, after: CapturePolicy): readonly Change[] {
  const [one, other] = [before, after].map(policy => JSON.parse(canonicalJson(policy)) as JsonObject)
  if (one === undefined || other === undefined) return []
  const changes = [...differences(one, other, [])]
  const fits =
    changes.length <= mostChanges && changes.every(({ path }) => path.length <= eventLimits.changePathLength)
  return fits ? changes : [{ path: "", before: one, after: other }]
}

function* differences(one: JsonValue, other: JsonValue, path: readonly string[]): Generator<Change> {
  if (isObject(one) && isObject(other)) {
    for (const name of new Set([...Object.keys(one), ...Object.keys(other)])) {
      yield* differences(one[name] ?? null, other[name] ?? null, [...path, name])
    }
    return
  }
  if (canonicalJson(one) !== canonicalJson(other))
    yield { path: jsonPointer(path), before: one, after: other }
}
