import { canonicalJson } from "@/lib/audit/json/canonical"
import type { CaptureEnvironment, Lock } from "./clearml-environment"
import type { CapturePolicy } from "./policy"

/** The policy in force, and which parts of it only the environment can change. */
export interface EffectivePolicy {
  readonly policy: CapturePolicy
  readonly locks: readonly Lock[]
}

const known = new WeakMap<CapturePolicy, WeakMap<CaptureEnvironment, EffectivePolicy>>()

/** Returns the policy of an organization under the environment of the process: the same object for the same two. */
export function effectivePolicy(stored: CapturePolicy, environment: CaptureEnvironment): EffectivePolicy {
  const found = known.get(stored)?.get(environment)
  if (found !== undefined) return found
  const result = { policy: under(stored, environment), locks: environment.locks }
  const ofStored = known.get(stored) ?? new WeakMap<CaptureEnvironment, EffectivePolicy>()
  known.set(stored, ofStored.set(environment, result))
  return result
}

/** What saving a policy would change: the row to store, and the locks that the policy contradicts. */
export interface Unlocked {
  readonly stored: CapturePolicy
  /** Not empty: the policy must be refused. */
  readonly broken: readonly Lock[]
}

/**
 * Returns what to store when somebody saves `given`, a policy as `effectivePolicy` returns it. A locked part keeps the stored
 * value beneath, which counts again once the environment no longer sets it. Another value for a locked part, and a change to
 * the rules of the environment, break their locks.
 */
export function withoutEnvironment(
  given: CapturePolicy,
  stored: CapturePolicy,
  { policy: layer, locks }: CaptureEnvironment,
): Unlocked {
  const broken = new Set<Lock>()
  const keep = <Value>(pointer: string, mine: Value, locked: Value | undefined, beneath: Value): Value => {
    if (locked === undefined) return mine
    if (!same(mine, locked)) for (const lock of locks) if (lock.pointer === pointer) broken.add(lock)
    return beneath
  }
  const each = <Values extends object>(
    name: string,
    mine: Values,
    locked: Partial<Values>,
    beneath: Values,
  ) => {
    const result: Values = { ...mine }
    for (const key in mine) {
      const value: Values[typeof key] | undefined = locked[key]
      result[key] = keep<Values[typeof key]>(`/${name}/${key}`, mine[key], value, beneath[key])
    }
    return result
  }
  for (const [index, rule] of layer.rules.entries())
    keep(`/rules/${index}`, given.rules[index], rule, undefined)
  const result = {
    ...given,
    enabled: keep("/enabled", given.enabled, layer.enabled, stored.enabled),
    ownCalls: keep("/ownCalls", given.ownCalls, layer.ownCalls, stored.ownCalls),
    redactIdentity: keep(
      "/redactIdentity",
      given.redactIdentity,
      layer.redactIdentity,
      stored.redactIdentity,
    ),
    default: each("default", given.default, layer.default, stored.default),
    categories: each("categories", given.categories, layer.categories, stored.categories),
    rules: given.rules.slice(layer.rules.length),
  }
  return { stored: result, broken: [...broken] }
}

function under(stored: CapturePolicy, { policy: layer }: CaptureEnvironment): CapturePolicy {
  return {
    ...stored,
    enabled: layer.enabled ?? stored.enabled,
    ownCalls: layer.ownCalls ?? stored.ownCalls,
    redactIdentity: layer.redactIdentity ?? stored.redactIdentity,
    default: { ...stored.default, ...layer.default },
    categories: { ...stored.categories, ...layer.categories },
    rules: [...layer.rules, ...stored.rules],
  }
}

function same(one: unknown, other: unknown): boolean {
  return canonicalJson(one ?? null) === canonicalJson(other ?? null)
}
