import { AppError } from "@/lib/errors"
import { type Pace, stepUnits } from "./pace"
import { Scanner } from "./scanner"

/** How a text that comes in pieces is read. */
export interface ElementReading {
  readonly pace: Pace
  /** Keys of the outermost object under which elements are looked for as well. */
  readonly lists?: ReadonlySet<string>
}

/**
 * Returns the exact text of each element of the outermost array, or of an array under a known key of the outermost object, in their
 * order, as soon as it is whole. The memory holds one element and one piece of the text. Throws AppError("malformed") with the place
 * when the text is not JSON, after the elements before that place.
 */
export async function* jsonElements(
  pieces: AsyncIterable<string> | Iterable<string>,
  { pace, lists }: ElementReading,
): AsyncGenerator<string> {
  let found: string[] = []
  const scanner = new Scanner(null, {
    fault: () => undefined,
    element: (start, end) => found.push(scanner.slice(start, end)),
    lists,
  })
  const take = () => {
    const taken = found
    found = []
    return taken
  }
  for await (const piece of pieces) {
    scanner.add(piece)
    for (const error of inSteps(scanner)) {
      yield* take()
      if (error instanceof AppError) throw error
      await pace.spend(stepUnits)
    }
  }
  scanner.complete()
  for (const error of inSteps(scanner)) {
    yield* take()
    if (error instanceof AppError) throw error
    await pace.spend(stepUnits)
  }
}

/** Reads what has come, a step at a time; an error is the last that is told, so that what was found before it is told first. */
function* inSteps(scanner: Scanner): Iterable<AppError | null> {
  let isRead = false
  while (!isRead && !scanner.needsMore) {
    try {
      isRead = scanner.advance(scanner.position + stepUnits)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      yield error
      return
    }
    yield null
  }
}
