import type { AppUses } from "@/lib/operations/apps/find-uses"

export type { AppUses }

interface Named {
  readonly id: string
  readonly name: string
}

const namesShown = 5

/** Returns `1 key is` or `3 keys are`. */
export function keysText(count: number): string {
  return count === 1 ? "1 key is" : `${count} keys are`
}

/** Returns one sentence that names what is limited to the app, at most five of each kind; null when nothing is. */
export function limitedText({ roles, groups, collaborators }: AppUses): string | null {
  const parts = [
    listed(roles, "role", "roles"),
    listed(groups, "group", "groups"),
    listed(collaborators, "collaborator", "collaborators"),
  ].filter(part => part !== null)
  return parts.length === 0 ? null : `Limited to it: ${parts.join("; ")}.`
}

function listed(things: readonly Named[], one: string, many: string): string | null {
  if (things.length === 0) return null
  const named = things.slice(0, namesShown).map(({ name }) => name)
  const more = things.length - named.length
  const names = more > 0 ? `${named.join(", ")} and ${more} more` : named.join(", ")
  return `${things.length === 1 ? one : many} ${names}`
}
