/** Microseconds since 1970-01-01T00:00:00Z; exact as a number until the year 2255. */
export type Microseconds = number

const secondMicroseconds = 1_000_000
const hourMicroseconds = 3_600 * secondMicroseconds
/** More than any offset from UTC and than the jump of a zone across the date line. */
const reachHours = 42
const stepHours = 3

const formats = new Map<string, Intl.DateTimeFormat>()

/** Returns whether the text is a name (or an alias) of the IANA time zone database; false for offsets such as `+02:00`. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(name)) return false
  try {
    offsetFormat(name)
    return true
  } catch {
    return false
  }
}

/** Returns how far the zone's clocks are ahead of UTC at that moment. Throws RangeError for an unknown zone. */
export function offsetAt(zone: string, at: Microseconds): Microseconds {
  // Read from Intl itself: @date-fns/tz reverses the sign of offsets between -01:00 and zero (Liberia until 1972).
  const written = offsetFormat(zone).format(Math.floor(at / 1000))
  const parts = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(written)
  const [, sign, hours = "0", minutes = "0", seconds = "0"] = parts ?? []
  const total = (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * secondMicroseconds
  return sign === "-" ? -total : total
}

/** Returns what the zone's clocks show at that moment, written as if it were UTC. */
export function localAt(zone: string, at: Microseconds): Microseconds {
  return at + offsetAt(zone, at)
}

/**
 * Returns the first moment at which the zone's clocks show `local` or later. A time that clocks skip gives the moment of
 * the jump, one that they show twice the first time.
 */
export function startOfLocal(zone: string, local: Microseconds): Microseconds {
  const stretches = stretchesAround(zone, local)
  for (const { from, before, offset } of stretches) {
    const at = Math.max(from, local - offset)
    if (at < before) return at
  }
  throw new RangeError(`No moment found for a local time in ${zone}`)
}

/**
 * Returns the end (exclusive) of all moments at which the zone's clocks show a time earlier than `local`. When clocks show
 * that time twice, both are included.
 */
export function endOfLocal(zone: string, local: Microseconds): Microseconds {
  const stretches = stretchesAround(zone, local)
  for (const { from, before, offset } of stretches.reverse()) {
    const at = local - offset
    if (at > from) return Math.min(before, at)
  }
  throw new RangeError(`No moment found for a local time in ${zone}`)
}

/** A time range in which a zone's clocks are not changed. */
interface Stretch {
  readonly from: Microseconds
  readonly before: Microseconds
  readonly offset: Microseconds
}

function stretchesAround(zone: string, local: Microseconds): Stretch[] {
  const first = Math.floor(local / hourMicroseconds - reachHours) * hourMicroseconds
  const stretches: Stretch[] = []
  let from = first
  let offset = offsetAt(zone, first)
  for (let hours = stepHours; hours <= 2 * reachHours; hours += stepHours) {
    const at = first + hours * hourMicroseconds
    const next = offsetAt(zone, at)
    if (next === offset) continue
    const changedAt = changeBetween(zone, at - stepHours * hourMicroseconds, at)
    stretches.push({ from, before: changedAt, offset })
    from = changedAt
    offset = next
  }
  stretches.push({ from, before: first + 2 * reachHours * hourMicroseconds, offset })
  return stretches
}

/** Clocks change on a whole second, and never twice within a step. */
function changeBetween(zone: string, before: Microseconds, after: Microseconds): Microseconds {
  const offset = offsetAt(zone, before)
  let [low, high] = [before / secondMicroseconds, after / secondMicroseconds]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(zone, middle * secondMicroseconds) === offset) low = middle
    else high = middle
  }
  return high * secondMicroseconds
}

/**
 * Creating a format is slow, so each zone's is cached; keys ignore case, so their number is limited to the names of the
 * database.
 */
function offsetFormat(zone: string): Intl.DateTimeFormat {
  const key = zone.toLowerCase()
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" })
  formats.set(key, made)
  return made
}
