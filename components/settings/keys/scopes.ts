import { describePermission, type Permission } from "@/lib/access/permissions"

/** A permission that a key can be given, in words. */
export interface ScopeChoice {
  readonly scope: Permission
  readonly description: string
}

/** What the API has something for; other permissions would make a key mightier and no more useful. */
const useful: readonly Permission[] = ["LOG-INGESTION", "LOG-MANAGEMENT", "LOG-EXPORT"]

/** Promise: the scopes that somebody with these permissions can give to a key; nobody gives more than they hold. */
export function scopeChoices(held: readonly Permission[]): readonly ScopeChoice[] {
  return useful
    .filter(scope => held.includes(scope))
    .map(scope => ({ scope, description: describePermission(scope) }))
}
