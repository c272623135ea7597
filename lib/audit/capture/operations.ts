/** The operation of a call whose own name would be one too many. */
export const otherOperation = "http.call"

const longestOperation = 120
const pattern = /^[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9][a-z0-9_-]*)+$/

/** The names of operations that one process has made from calls, which are bounded: each is a choice of a filter for ever. */
export interface OperationNames {
  /**
   * Returns the name, or `http.call` when there are too many already. Names of calls that were not answered as asked (they may
   * be anything that a scanner invents) can use up half of the names only.
   */
  bounded(name: string, isAnswered: boolean): string
}

/** Returns names without any yet. A process has one of these for each log that it writes to. */
export function createOperationNames(most = 500): OperationNames {
  const names = new Set<string>()
  return {
    bounded(name, isAnswered) {
      if (names.has(name)) return name
      if (names.size >= (isAnswered ? most : most / 2)) return otherOperation
      names.add(name)
      return name
    },
  }
}

/** Returns whether a text is the name of an operation as it stands. */
export function isOperation(text: string): boolean {
  return text.length <= longestOperation && pattern.test(text)
}

/** Returns the words as the name of an operation, or `http.call` when an event could not have it. */
export function operationOf(words: readonly string[]): string {
  const plain = words.join(".")
  if (isOperation(plain)) return plain
  const name = words.map(wordOf).filter(Boolean).join(".")
  return isOperation(name) ? name : otherOperation
}

/** `listUsers` and `list-users` are words of an operation; a space or a bracket becomes `_`. */
function wordOf(text: string): string {
  return text
    .slice(0, longestOperation)
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9_.-]+/g, "_")
    .replaceAll(/\.[_.-]+|[_-]+\./g, ".")
    .replaceAll(/^[_.-]+|[_.-]+$/g, "")
}
