import { canonicalJson } from "@/lib/audit/json/canonical"
import { isObject, type JsonValue } from "@/lib/audit/json/value"
import type { CapturePolicy, Rule } from "./policy"

/** One difference between two policies. Null stands for what one of them does not have. */
export interface PolicyChange {
  /** Names joined by dots; rules by their place, counted from 0, in the policy that has them, the later one if both do. */
  readonly path: string
  readonly before: JsonValue
  readonly after: JsonValue
}

/**
 * Returns the differences between two policies, in the order of their members; none for equal ones. A rule is followed by its
 * name, so that one that was inserted does not make those after it differ. Another order of the same rules is one difference.
 */
export function comparePolicies(before: CapturePolicy, after: CapturePolicy): readonly PolicyChange[] {
  const { rules: rulesBefore, ...restBefore } = before
  const { rules: rulesAfter, ...restAfter } = after
  return [...compareValues("", restBefore, restAfter), ...compareRules(rulesBefore, rulesAfter)]
}

function compareRules(before: readonly Rule[], after: readonly Rule[]): PolicyChange[] {
  const partners = pairs(before, after)
  const changes: PolicyChange[] = []
  for (const [index, rule] of before.entries())
    if (!partners.has(rule)) changes.push({ path: `rules.${index}`, before: json(rule), after: null })
  const matched = new Set(partners.values())
  for (const [index, rule] of after.entries())
    if (!matched.has(rule)) changes.push({ path: `rules.${index}`, before: null, after: json(rule) })
  for (const [one, other] of partners)
    changes.push(...compareValues(`rules.${after.indexOf(other)}`, one, other))
  const kept = before.filter(rule => partners.has(rule))
  const placed = after.filter(rule => matched.has(rule))
  if (kept.some((rule, index) => partners.get(rule) !== placed[index]))
    changes.push({ path: "rules.order", before: kept.map(nameOf), after: placed.map(nameOf) })
  return changes
}

/** Equal rules belong together, then those of the same name, in their order. */
function pairs(before: readonly Rule[], after: readonly Rule[]): Map<Rule, Rule> {
  const found = new Map<Rule, Rule>()
  const free = new Set(after)
  for (const isPartner of [
    (one: Rule, other: Rule) => canonicalJson(one) === canonicalJson(other),
    (one: Rule, other: Rule) => one.name === other.name,
  ])
    for (const rule of before) {
      const partner = found.has(rule) ? undefined : [...free].find(other => isPartner(rule, other))
      if (partner === undefined) continue
      found.set(rule, partner)
      free.delete(partner)
    }
  return found
}

function compareValues(path: string, before: unknown, after: unknown): PolicyChange[] {
  if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return []
  if (!isObject(before) || !isObject(after)) return [{ path, before: json(before), after: json(after) }]
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names.flatMap(name =>
    compareValues(path === "" ? name : `${path}.${name}`, before[name], after[name]),
  )
}

function nameOf({ name }: Rule): string {
  return name
}

function json(value: unknown): JsonValue {
  return value === undefined ? null : JSON.parse(JSON.stringify(value))
}
