/**
 * Returns the same function of a text with its results kept, for a pure function that is asked about the same few texts again and again.
 * What is kept is bounded: long texts are not kept, and when there are too many, all are forgotten.
 */
export function remembering<Result>(
  work: (text: string) => Result,
  { most = 1_000, longest = 256 }: { readonly most?: number; readonly longest?: number } = {},
): (text: string) => Result {
  const known = new Map<string, Result>()
  return text => {
    const found = known.get(text)
    if (found !== undefined) return found
    if (text.length > longest) return work(text)
    // A part of a longer text would keep all of it in memory.
    const own: string = JSON.parse(JSON.stringify(text))
    const made = work(own)
    if (known.size >= most) known.clear()
    known.set(own, made)
    return made
  }
}
