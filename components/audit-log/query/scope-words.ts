interface Seen {
  readonly everyApp: boolean
  readonly ownOnly: boolean
  readonly apps: readonly { readonly name: string }[]
}

const mostNames = 5

/** Returns one sentence about what a reader of a part of the log sees; null for a reader of all of it. */
export function describeScope({ everyApp, ownOnly, apps }: Seen): string | null {
  if (everyApp) return ownOnly ? "You see your own actions only." : null
  const count = apps.length === 1 ? "1 app" : `${apps.length} apps`
  return ownOnly
    ? `You see your own actions in ${count} only: ${namesOf(apps)}.`
    : `You see the events of ${count}: ${namesOf(apps)}.`
}

function namesOf(apps: Seen["apps"]): string {
  const names = apps.slice(0, mostNames).map(app => app.name)
  const rest = apps.length - names.length
  return rest > 0 ? `${names.join(", ")} and ${rest} more` : names.join(", ")
}
