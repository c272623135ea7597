/** Milliseconds of each of several runs. */
export type Samples = readonly number[]

type Step = () => Promise<unknown>

export function median(samples: Samples): number {
  return percentile(samples, 0.5)
}

/** Returns the value that this share of the samples does not exceed. Throws for an empty list. */
export function percentile(samples: Samples, share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
  if (value === undefined) throw new Error("Nothing was measured.")
  return value
}

/** Returns the duration of one call, in milliseconds. */
export async function timed(step: Step): Promise<number> {
  const startedAt = performance.now()
  await step()
  return performance.now() - startedAt
}

/**
 * Returns samples of each step, taken in turn (a, b, a, b ...) so that a change of the machine's speed affects all of them.
 * One round before the first does not count.
 */
export async function inTurn<Name extends string>(
  rounds: number,
  steps: Readonly<Record<Name, Step>>,
): Promise<Readonly<Record<Name, Samples>>> {
  const names = namesOf(steps)
  const samples = emptySamples(names)
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      const took = await timed(steps[name])
      if (round >= 0) samples[name].push(took)
    }
  }
  return samples
}

function namesOf<Name extends string>(steps: Readonly<Record<Name, Step>>): readonly Name[] {
  // The one cast: an object literal has exactly the keys that its type names.
  return Object.keys(steps) as Name[]
}

function emptySamples<Name extends string>(names: readonly Name[]): Record<Name, number[]> {
  // The one cast: every name was given its list.
  return Object.fromEntries(names.map((name): [Name, number[]] => [name, []])) as Record<Name, number[]>
}

/** One measurement with its baseline of the same run. */
export interface Finding {
  /** The number of the goal in docs/performance.md. */
  readonly goal: string
  readonly what: string
  readonly baseline: string
  readonly ratio: number
  /** What must hold: at most (a time) or at least (a rate) this ratio. */
  readonly reach: { readonly kind: "at most" | "at least"; readonly ratio: number } | null
  /** The two absolute figures, with their unit; they differ between machines. */
  readonly figures: string
}

/** Returns whether the goal is reached; always true for a finding without a goal. */
export function isReached({ ratio, reach }: Finding): boolean {
  if (!reach) return true
  return reach.kind === "at most" ? ratio <= reach.ratio : ratio >= reach.ratio
}
