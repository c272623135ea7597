interface Pattern {
  readonly segments: readonly string[]
  readonly isPrefix: boolean
  readonly namesVersion: boolean
}

/** Returns whether every path that matches the second pattern matches the first one. False where that is not certain. */
export function pathCovers(wide: string, narrow: string): boolean {
  const one = read(wide)
  const other = read(narrow)
  if (one.namesVersion !== other.namesVersion) return !one.namesVersion && wide === "/*"
  if (other.isPrefix && !one.isPrefix) return false
  const whole = one.isPrefix ? one.segments.slice(0, -1) : one.segments
  if (
    one.isPrefix ? other.segments.length < one.segments.length : other.segments.length !== one.segments.length
  )
    return false
  // The last segment of a prefix goes on, so it stands for no segment as a whole.
  const isOpen = (index: number) => other.isPrefix && index === other.segments.length - 1
  const areCovered = whole.every((segment, index) => {
    const mine = other.segments[index] ?? ""
    return !isOpen(index) && (isTemplate(segment) ? mine !== "" : segment === mine)
  })
  if (!one.isPrefix || !areCovered) return areCovered
  const start = one.segments.at(-1) ?? ""
  const mine = other.segments[whole.length] ?? ""
  return isTemplate(mine) ? start === "" : mine.startsWith(start)
}

function read(pattern: string): Pattern {
  const isPrefix = pattern.endsWith("*")
  const text = (isPrefix ? pattern.slice(0, -1) : pattern).replace(/\/{2,}/g, "/")
  const trimmed = !isPrefix && text.length > 1 ? text.replace(/\/$/, "") : text
  return { segments: trimmed.split("/").slice(1), isPrefix, namesVersion: /^\/v\d/.test(trimmed) }
}

function isTemplate(segment: string): boolean {
  return segment.startsWith("{")
}
