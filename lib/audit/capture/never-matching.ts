import { compileEndpoint, fitsEndpoint } from "./compile"
import { pathCovers } from "./path-covers"
import type { CapturePolicy, Rule, RuleConditions } from "./policy"

/** A rule that no call reaches, and what every such call meets first. */
export interface NeverMatching {
  /** Counted from 0. */
  readonly index: number
  /** The rules before it that take its calls; empty when the ignore list does. */
  readonly rules: readonly number[]
  readonly sentence: string
}

/** More combinations of values than these are compared as a whole. */
const mostCombinations = 400

/**
 * Returns the rules that can never decide, because rules before them or the ignore list take every call they are for. A rule
 * that is not listed may still never match in practice; paths that may mean another path are left out of account.
 */
export function neverMatching({ rules, ignore }: CapturePolicy): readonly NeverMatching[] {
  return rules.flatMap((rule, index): NeverMatching[] => {
    const { paths } = rule.when
    if (paths?.every(path => ignore.some(pattern => pathCovers(pattern, path))))
      return [{ index, rules: [], sentence: "Never matches: its paths are on the ignore list." }]
    const takers = takersOf(rule, rules.slice(0, index))
    if (takers === null) return []
    const names = takers.map(taker => String(taker + 1))
    const sentence =
      takers.length === 1
        ? `Never matches: rule ${names[0]} comes first.`
        : `Never matches: rules ${names.slice(0, -1).join(", ")} and ${names.at(-1)} come first.`
    return [{ index, rules: takers, sentence }]
  })
}

/** Returns the rules that together take every call of a rule, or null when some call is left. */
function takersOf({ when }: Rule, before: readonly Rule[]): number[] | null {
  const takers = new Set<number>()
  for (const single of combinations(when)) {
    const taker = before.findIndex(rule => covers(rule.when, single))
    if (taker === -1) return null
    takers.add(taker)
  }
  return [...takers].sort((one, other) => one - other)
}

/** Returns conditions with one value each, which together mean the same. */
function combinations(when: RuleConditions): RuleConditions[] {
  const count = Object.values(when).reduce((product, values) => product * (values?.length ?? 1), 1)
  if (count > mostCombinations) return [when]
  let all: RuleConditions[] = [{}]
  for (const [name, values] of Object.entries(when))
    if (values !== undefined)
      all = all.flatMap(one => values.map((value: string) => ({ ...one, [name]: [value] })))
  return all
}

/** Tells whether every call that meets the second conditions meets the first ones. */
function covers(wide: RuleConditions, narrow: RuleConditions): boolean {
  // A rule that names a quiet method has these calls recorded at all; one that does not name it cannot stand in for it.
  const quiet = (narrow.methods ?? []).filter(method => ["OPTIONS", "HEAD", "TRACE"].includes(method))
  if (!quiet.every(method => wide.methods?.includes(method))) return false
  return (
    holds(wide.methods, narrow.methods, equal) &&
    holds(wide.paths, narrow.paths, pathCovers) &&
    holds(wide.endpoints, narrow.endpoints, endpointCovers) &&
    holds(wide.apps, narrow.apps, equal) &&
    holds(wide.actorTypes, narrow.actorTypes, equal) &&
    holds(wide.outcomes, narrow.outcomes, equal)
  )
}

function holds(
  wide: readonly string[] | undefined,
  narrow: readonly string[] | undefined,
  test: (wide: string, narrow: string) => boolean,
): boolean {
  if (wide === undefined) return true
  return narrow?.every(value => wide.some(one => test(one, value))) ?? false
}

function equal(one: string, other: string): boolean {
  return one === other
}

function endpointCovers(wide: string, narrow: string): boolean {
  return wide === narrow || (wide.endsWith("*") && fitsEndpoint(compileEndpoint(wide), narrow))
}
