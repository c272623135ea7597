import type { Target } from "@/lib/audit/event/event"
import { eventLimits } from "@/lib/audit/event/limits"
import { AppError } from "@/lib/errors"
import type { About, WriteContext } from "@/lib/operations/operation"
import { firstInWords, type Group, groupTarget } from "./group"

/** Something that is added to a group or removed from it. */
export interface Part {
  readonly id: string
  readonly name: string
}

/** The result of one call. */
export interface PartsChanged {
  readonly group: Pick<Group, "id" | "name">
  /** The parts that were added or removed. */
  readonly changed: readonly Part[]
  /** The parts for which nothing had to be done. */
  readonly unchanged: readonly Part[]
}

interface Words {
  /** The `operation` of the events. */
  readonly operation: string
  readonly type: Target["type"]
  readonly path: "members" | "roles" | "apps"
  readonly nouns: readonly [one: string, many: string]
  readonly deed: "added" | "removed"
}

// The group is one of the targets.
const partsPerEvent = eventLimits.targetCount - 1

/** Records events for the parts that do not fit into the operation's own event, before it. Returns `done` unchanged. */
export function recordParts(
  { caller, recordAlong }: Pick<WriteContext, "caller" | "recordAlong">,
  words: Words,
  done: PartsChanged,
): PartsChanged {
  for (const about of eventsOf(words, done).slice(0, -1)) {
    recordAlong({
      operation: words.operation,
      principal: caller.principal,
      about,
      outcome: { status: "success" },
    })
  }
  return done
}

/** Returns the operation's own event, which names the last parts and those for which nothing had to be done. */
export function aboutParts(words: Words, done: PartsChanged): About {
  return eventsOf(words, done).at(-1) ?? { targets: [groupTarget(done.group)] }
}

function eventsOf(words: Words, { group, changed, unchanged }: PartsChanged): readonly About[] {
  const chunks = inChunks(changed)
  return chunks.map((parts, position) => {
    const [isPart, isLast] = [chunks.length > 1, position === chunks.length - 1]
    const whole = `${changed.length.toLocaleString("en")} ${words.nouns[1]} were ${words.deed} at once.`
    return {
      ...aboutSome(words, group, parts),
      details: [
        ...(isPart ? [`Event ${position + 1} of ${chunks.length}: ${whole}`] : []),
        ...(isLast && unchanged.length > 0 ? [unchangedInWords(words, unchanged)] : []),
      ],
    }
  })
}

// There is one event even when nothing was done; it says so.
function inChunks(parts: readonly Part[]): readonly (readonly Part[])[] {
  const count = Math.max(1, Math.ceil(parts.length / partsPerEvent))
  return Array.from({ length: count }, (_, position) =>
    parts.slice(position * partsPerEvent, (position + 1) * partsPerEvent),
  )
}

function aboutSome(
  { type, path, nouns, deed }: Words,
  group: PartsChanged["group"],
  parts: readonly Part[],
): About {
  const added = deed === "added"
  const where = added ? `to the group ${group.name}` : `from the group ${group.name}`
  return {
    targets: [groupTarget(group), ...parts.map(({ id, name }) => ({ type, id, name }))],
    description:
      parts.length === 0
        ? `Nothing was ${deed} ${where}.`
        : parts.length === 1
          ? `The ${nouns[0]} ${parts[0]?.name} was ${deed} ${where}.`
          : `${parts.length} ${nouns[1]} were ${deed} ${where}.`,
    changes: parts.map(({ id, name }) => ({
      path: `/${path}/${id}`,
      before: added ? null : name,
      after: added ? name : null,
    })),
  }
}

function unchangedInWords({ deed }: Words, parts: readonly Part[]): string {
  const was = deed === "added" ? "in it already" : "not in it"
  return `${firstInWords(parts)} ${parts.length === 1 ? "was" : "were"} ${was}.`
}

/** Throws AppError `invalid` with a pointer for each id that names nothing in this organization. */
export function refuseUnknown(
  ids: readonly string[],
  found: readonly Part[],
  { field, message }: { readonly field: string; readonly message: string },
): void {
  const known = new Set(found.map(({ id }) => id))
  const faults = ids.flatMap((id, position) =>
    known.has(id) ? [] : [{ pointer: `/${field}/${position}`, message }],
  )
  if (faults.length > 0) throw new AppError("invalid", "Not everything chosen exists.", { faults })
}
