import type { Target } from "@/lib/audit/event/event"
import { eventLimits } from "@/lib/audit/event/limits"
import { AppError } from "@/lib/errors"
import type { About, Done, Work, WriteContext } from "@/lib/operations/core/operation"
import { firstInWords, type Group, groupTarget, lockGroup } from "./group"

/** Something that is added to a group or removed from it. */
export interface Part {
  readonly id: string
  readonly name: string
}

/** The answer of one call. */
export interface PartsChanged {
  /** The parts that were added or removed. */
  readonly changed: readonly Part[]
  /** The parts for which nothing had to be done. */
  readonly unchanged: readonly Part[]
}

interface Words {
  readonly type: Target["type"]
  readonly path: "members" | "roles" | "apps"
  readonly nouns: readonly [one: string, many: string]
  readonly deed: "added" | "removed"
}

/** A change of a group under its lock: the parts that it adds or removes. */
export interface PartsChange<Found extends Part> {
  readonly group: Group
  readonly parts: readonly Found[]
}

/** How one kind of part is added to a group and removed from it. */
export interface PartKind<Found extends Part> extends Omit<Words, "deed"> {
  /** The field of the input that names the parts. */
  readonly field: string
  /** Returns those of these parts that the organization has, by name. */
  readonly find: (work: Work, ids: readonly string[]) => Promise<readonly Found[]>
  /** Returns the ids of the parts that the group has. */
  readonly held: (work: Work, group: Group, deed: Words["deed"]) => Promise<readonly string[]>
  /** Throws AppError unless the caller may do it; called also when nothing is left to do. */
  readonly refuse: Readonly<
    Record<Words["deed"], (work: Work, change: PartsChange<Found>) => Promise<void> | void>
  >
  readonly add: (work: Work, change: PartsChange<Found>) => Promise<unknown>
  readonly remove: (work: Work, change: PartsChange<Found>) => Promise<unknown>
}

/** Adds parts to a group or removes them from it; parts for which nothing has to be done are named in the event. */
export async function changeParts<Found extends Part>(
  context: WriteContext,
  kind: PartKind<Found>,
  asked: { readonly id: string; readonly ids: readonly string[]; readonly operation: PartsOperation },
): Promise<Done<PartsChanged>> {
  const deed = asked.operation.endsWith(".add") ? "added" : "removed"
  const group = await lockGroup(context, asked.id)
  const chosen = await kind.find(context, asked.ids)
  refuseUnknown(asked.ids, chosen, kind)
  const held = new Set(await kind.held(context, group, deed))
  const isChanged = ({ id }: Part) => held.has(id) === (deed === "removed")
  const parts = chosen.filter(isChanged)
  await kind.refuse[deed](context, { group, parts })
  if (parts.length > 0) await (deed === "added" ? kind.add : kind.remove)(context, { group, parts })
  const value = {
    changed: parts.map(nameOf),
    unchanged: chosen.filter(part => !isChanged(part)).map(nameOf),
  }
  const events = eventsOf({ ...kind, deed }, group, value)
  // What does not fit into the operation's own event is written before it.
  for (const about of events.slice(0, -1)) {
    const { principal } = context.caller
    context.recordAlong({ operation: asked.operation, principal, about, outcome: { status: "success" } })
  }
  return { value, event: events.at(-1) ?? { targets: [groupTarget(group)] } }
}

type PartsOperation = `organization_team_${"member" | "role" | "app"}.${"add" | "remove"}`

function nameOf({ id, name }: Part): Part {
  return { id, name }
}

// The group is one of the targets.
const partsPerEvent = eventLimits.targetCount - 1

function eventsOf(words: Words, group: Group, { changed, unchanged }: PartsChanged): readonly About[] {
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

function aboutSome({ type, path, nouns, deed }: Words, group: Group, parts: readonly Part[]): About {
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

// With a pointer for each id that names nothing in this organization.
function refuseUnknown(
  ids: readonly string[],
  found: readonly Part[],
  { field, nouns }: { readonly field: string; readonly nouns: Words["nouns"] },
): void {
  const known = new Set(found.map(({ id }) => id))
  const message = `There is no such ${nouns[0]} any more.`
  const faults = ids.flatMap((id, position) =>
    known.has(id) ? [] : [{ pointer: `/${field}/${position}`, message }],
  )
  if (faults.length > 0) throw new AppError("invalid", "Not everything chosen exists.", { faults })
}
