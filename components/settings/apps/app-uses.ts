interface Named {
  readonly id: string
  readonly name: string
}

/** What hangs on an app. */
export interface AppUses {
  readonly activeKeys: number
  readonly roles: readonly Named[]
  readonly groups: readonly Named[]
  readonly collaborators: readonly Named[]
}

const namesShown = 5

/** Promise: `1 key is`, `3 keys are`. */
export function keysText(count: number): string {
  return count === 1 ? "1 key is" : `${count} keys are`
}

/** Promise: one sentence that names who is limited to the app, of many the first five; null when nobody is. */
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
