import type { ApiKeyRow } from "@/components/settings/keys/api-key"

/** What the list shows of an app. Times as ISO 8601. */
export interface AppRow {
  readonly id: string
  readonly slug: string
  readonly name: string
  /** Carries the console's own events and takes no keys. */
  readonly builtIn: boolean
  readonly createdAt: string
  /** Null unless it is archived. */
  readonly archivedAt: string | null
  readonly activeKeys: number
  /** When one of its keys was last used. */
  readonly lastUsedAt: string | null
  /** How many of its keys work and were not used for so long that they should be revoked. */
  readonly idleKeys: number
}

type KeyOfApp = Pick<ApiKeyRow, "state" | "lastUsedAt" | "isIdle"> & {
  readonly app: { readonly id: string }
}

/** Promise: the apps in their order, each with how many keys work, how many of them lie idle, and when one was last used. */
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
