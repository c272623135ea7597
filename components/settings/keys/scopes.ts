import { describePermission, type Permission } from "@/lib/access/permissions"

/** A permission that a key can have, in words. */
export interface ScopeChoice {
  readonly scope: Permission
  readonly description: string
}

/** The permissions that the API uses; others would make a key more powerful but not more useful. */
const useful: readonly Permission[] = [
  "LOG-INGESTION",
  "LOG-MANAGEMENT",
  "LOG-EXPORT",
  "CAPTURE-MANAGEMENT",
  "SINK-MANAGEMENT",
]

/** Returns the scopes that somebody with these permissions can give to a key; nobody gives more than they hold. */
export function scopeChoices(held: readonly Permission[]): readonly ScopeChoice[] {
  return useful
    .filter(scope => held.includes(scope))
    .map(scope => ({ scope, description: describePermission(scope) }))
}
