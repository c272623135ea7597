import type { Target } from "@/lib/audit/event/event"
import { AppError } from "@/lib/errors"
import type { About } from "@/lib/operations/operation"
import { type Group, groupTarget, inWords } from "./group"

/** Something that is put into a group, or taken out of it. */
export interface Part {
  readonly id: string
  readonly name: string
}

/** What a call has come to. */
export interface PartsChanged {
  readonly group: Pick<Group, "id" | "name">
  /** What was put in or taken out. */
  readonly changed: readonly Part[]
  /** What was as it should be before. */
  readonly unchanged: readonly Part[]
}

interface Words {
  readonly type: Target["type"]
  readonly path: "members" | "roles" | "apps"
  readonly nouns: readonly [one: string, many: string]
  readonly deed: "added" | "removed"
}

/** Promise: the event of putting parts into a group or taking them out, which also says when nothing had to be done. */
export function aboutParts({ type, path, nouns, deed }: Words, done: PartsChanged): About {
  const { group, changed, unchanged } = done
  const added = deed === "added"
  const where = added ? `to the group ${group.name}` : `from the group ${group.name}`
  const noun = changed.length === 1 ? nouns[0] : nouns[1]
  const was = added ? "in it already" : "not in it"
  return {
    targets: [groupTarget(group), ...changed.map(({ id, name }) => ({ type, id, name }))],
    description:
      changed.length === 0
        ? `Nothing was ${deed} ${where}.`
        : changed.length === 1
          ? `The ${noun} ${changed[0]?.name} was ${deed} ${where}.`
          : `${changed.length} ${noun} were ${deed} ${where}.`,
    changes: changed.map(({ id, name }) => ({
      path: `/${path}/${id}`,
      before: added ? null : name,
      after: added ? name : null,
    })),
    ...(unchanged.length === 0
      ? {}
      : {
          details: [
            `${inWords(unchanged.map(({ name }) => name))} ${unchanged.length === 1 ? "was" : "were"} ${was}.`,
          ],
        }),
  }
}

/** Throws AppError `invalid` for each id that names nothing here, pointing at it. */
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
