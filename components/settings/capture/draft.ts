import type { CapturePolicy } from "@/lib/audit/capture/policy"
import { isObject, type JsonValue } from "@/lib/audit/json/value"
import type { CaptureLock } from "./locks"
import type { CaptureView } from "./view"

/** Returns the list with one item moved; the same list when there is no such place. */
export function moved<Item>(items: readonly Item[], from: number, to: number): readonly Item[] {
  const item = items[from]
  if (item === undefined || from === to || to < 0 || to >= items.length) return items
  const others = items.filter((_, index) => index !== from)
  return [...others.slice(0, to), item, ...others.slice(to)]
}

/** Returns the list with the item in that place; a place after the last one adds it. */
export function placed<Item>(items: readonly Item[], index: number, item: Item): readonly Item[] {
  return index >= items.length ? [...items, item] : items.map((old, place) => (place === index ? item : old))
}

/** Returns the entries of a text with one on each line (or between commas), each once, without the spaces around. */
export function entriesOf(text: string, separator: RegExp = /[\n,]/): readonly string[] {
  const entries = text.split(separator).map(entry => entry.trim())
  return [...new Set(entries)].filter(entry => entry !== "")
}

/** Returns whether two values of a policy are the same. The order of the members of an object does not count. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, index) => isSame(item, other[index]))
  if (!isObject(one) || !isObject(other)) return false
  const [names, others] = [Object.keys(one), Object.keys(other)]
  return (
    names.length === others.length && names.every(name => name in other && isSame(one[name], other[name]))
  )
}

/** The parts of a policy that two people can change independently of each other, and their words in a sentence. */
const parts: readonly (readonly [path: readonly string[], words: string])[] = [
  [["enabled"], "whether calls are recorded"],
  [["ignore"], "the ignored paths"],
  [["rules"], "the rules"],
  [["default", "call"], "the level"],
  [["default", "data"], "request data"],
  [["default", "resultData"], "response data"],
  [["categories", "auth"], "the part “identity”"],
  [["categories", "headers"], "the part “headers”"],
  [["categories", "version"], "the part “API version”"],
  [["categories", "stats"], "the part “duration and sizes”"],
  [["categories", "result"], "the part “result”"],
  [["categories", "data"], "the part “bodies”"],
  [["redactIdentity"], "the identity of callers"],
  [["idsOnly"], "the names of objects"],
  [["secretNames"], "the secret names"],
  [["headerNames"], "the recorded headers"],
  [["limits", "requestBytes"], "the limit of request data"],
  [["limits", "responseBytes"], "the limit of response data"],
  [["licenseKey"], "the license key"],
  [["ownCalls"], "calls to this console"],
]

/** A draft that was put on top of a newer version; `overruled`: what both sides had changed, where the draft won, in words. */
export interface Merged {
  readonly policy: CapturePolicy
  readonly overruled: readonly string[]
}

/** Returns the newer version with the changes that the draft made to `base`. Lists of texts are merged entry by entry. */
export function putOnTop(base: CapturePolicy, mine: CapturePolicy, theirs: CapturePolicy): Merged {
  let policy: CapturePolicy = theirs
  const overruled: string[] = []
  for (const [path, words] of parts) {
    const [old, own, other] = [base, mine, theirs].map(one => valueAt(one, path))
    if (isSame(old, own)) continue
    if (path[0] !== "default" && isTexts(old) && isTexts(own) && isTexts(other)) {
      const kept = other.filter(entry => own.includes(entry) || !old.includes(entry))
      const added = own.filter(entry => !old.includes(entry) && !other.includes(entry))
      policy = withValue(policy, path, [...kept, ...added])
      continue
    }
    if (!isSame(old, other) && !isSame(own, other)) overruled.push(words)
    policy = withValue(policy, path, own)
  }
  return { policy, overruled }
}

/** Of a body flag, a list is one value: some of its fields would be another decision than either side made. */
function isTexts(value: JsonValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every(entry => typeof entry === "string")
}

/** Returns the number of rules at the beginning that the environment sets; a rule may have several variables. */
export function lockedRules(locks: readonly CaptureLock[]): number {
  return new Set(locks.map(({ pointer }) => pointer).filter(pointer => /^\/rules\/\d+$/.test(pointer))).size
}

/** Returns the policy with what the environment sets as it is in `current`: its values, and its rules before all others. */
export function withLocked(policy: CapturePolicy, { policy: current, locks }: CaptureView): CapturePolicy {
  const fixed = current.rules.slice(0, lockedRules(locks))
  const others = policy.rules.filter(rule => !fixed.some(one => isSame(one, rule)))
  return parts.reduce<CapturePolicy>(
    (whole, [path]) => {
      const isLocked = path[0] !== "rules" && locks.some(({ pointer }) => pointer === `/${path.join("/")}`)
      return isLocked ? withValue(whole, path, valueAt(current, path)) : whole
    },
    { ...policy, rules: [...fixed, ...others] },
  )
}

/** Returns the value at the path; undefined when there is none. */
function valueAt(policy: CapturePolicy, path: readonly string[]): JsonValue | undefined {
  // The one cast: a policy consists of JSON values.
  let value: JsonValue | undefined = policy as unknown as JsonValue
  for (const name of path) value = isObject(value) ? value[name] : undefined
  return value
}

function withValue(
  policy: CapturePolicy,
  [name = "", inner]: readonly string[],
  value: JsonValue | undefined,
): CapturePolicy {
  if (inner === undefined) return { ...policy, [name]: value }
  return { ...policy, [name]: { ...Object(valueAt(policy, [name])), [inner]: value } }
}
