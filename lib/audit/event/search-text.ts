import type { Actor, EventContent, Target } from "./event"

/** The search text of an event is never longer. */
export const searchTextLength = 1000

/** Fields stand on lines of their own, so that no search matches across two of them. */
const separator = "\n"

/** What of an event is searched; all of it is there before the time of receipt is known. */
export type SearchedContent = Pick<
  EventContent,
  "operation" | "description" | "actor" | "targets" | "requestId" | "source"
>

/**
 * Promise: the lower-cased text in which a free-text search looks: description, operation, names and ids of persons and targets,
 * request id and origin; at most 1,000 characters, the less telling parts cut off.
 */
export function searchText(content: SearchedContent): string {
  const { operation, description, actor, targets, requestId, source } = content
  const parts = [
    description,
    operation,
    ...personParts(actor),
    ...(actor.onBehalfOf ? personParts(actor.onBehalfOf) : []),
    source?.ipText,
    requestId,
    ...targets.flatMap(target => [target.name, target.id]),
  ]
  const present = parts.filter(part => part !== undefined && part !== "")
  return cut([...new Set(present)].join(separator).toLowerCase())
}

/** Promise: what a filter by target looks up: for each target its id, and its type and id joined by a colon; each once. */
export function targetKeys(targets: readonly Target[]): readonly string[] {
  return [...new Set(targets.flatMap(({ type, id }) => [id, `${type}:${id}`]))]
}

function personParts({
  name,
  email,
  id,
}: Pick<Actor, "name" | "email" | "id">): readonly (string | undefined)[] {
  return [name, email, id]
}

/** Never leaves half of a surrogate pair at the end: PostgreSQL could not store it. */
function cut(text: string): string {
  const shortened = text.slice(0, searchTextLength)
  return shortened.isWellFormed() ? shortened : shortened.slice(0, -1)
}
