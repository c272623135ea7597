/** Characters to read, or an equal amount of other work, before yielding to the event loop: about a millisecond. */
export const stepUnits = 4_096

/** Long work done in steps. */
export interface Pace {
  /** Counts finished work. When it returns a promise, the step is full: await it before continuing. */
  spend(units: number): Promise<void> | undefined
}

interface Waiting {
  readonly spent: number
  readonly goOn: () => void
}

const waiting: Waiting[] = []
const turnsUntilTheOldest = 4
let turns = 0

/**
 * Returns a pace for one piece of work. In each turn of the event loop one piece of work continues: usually the one that
 * had least so far, so that small ones overtake large ones, and sometimes the one that waits longest, so that each one
 * ends.
 */
export function inTurns(): Pace {
  let spent = 0
  let step = 0
  return {
    spend(units) {
      step += units
      if (step < stepUnits) return undefined
      spent += step
      step = 0
      return new Promise(goOn => {
        waiting.push({ spent, goOn })
        if (waiting.length === 1) setImmediate(nextTurn)
      })
    },
  }
}

function nextTurn(): void {
  turns++
  let chosen = 0
  if (turns % turnsUntilTheOldest !== 0) {
    for (let at = 1; at < waiting.length; at++) {
      if ((waiting[at]?.spent ?? 0) < (waiting[chosen]?.spent ?? 0)) chosen = at
    }
  }
  const [next] = waiting.splice(chosen, 1)
  if (waiting.length > 0) setImmediate(nextTurn)
  next?.goOn()
}
