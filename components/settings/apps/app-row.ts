import type { ApiKeyRow } from "@/components/settings/keys/api-key"

/** What the list shows of an app. Times as ISO 8601. */
export interface AppRow {
  readonly id: string
  readonly slug: string
  readonly name: string
  /** True for the app of the console's own events, which has no keys. */
  readonly builtIn: boolean
  readonly createdAt: string
  /** Null unless it is archived. */
  readonly archivedAt: string | null
  readonly activeKeys: number
  /** When one of its keys was last used. */
  readonly lastUsedAt: string | null
  /** How many of its active keys have been unused for so long that they should be revoked. */
  readonly idleKeys: number
}

type KeyOfApp = Pick<ApiKeyRow, "state" | "lastUsedAt" | "isIdle"> & {
  readonly app: { readonly id: string }
}

/** Returns the apps in order, each with the number of active keys, the number of idle ones, and the last use of a key. */
export function withKeys(
  apps: readonly Omit<AppRow, "activeKeys" | "lastUsedAt" | "idleKeys">[],
  keys: readonly KeyOfApp[],
): readonly AppRow[] {
  return apps.map(app => {
    const own = keys.filter(key => key.app.id === app.id)
    const uses = own.flatMap(key => (key.lastUsedAt === null ? [] : [key.lastUsedAt])).sort()
    return {
      ...app,
      activeKeys: own.filter(key => key.state === "active").length,
      idleKeys: own.filter(key => key.isIdle).length,
      lastUsedAt: uses.at(-1) ?? null,
    }
  })
}
