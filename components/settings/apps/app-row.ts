import type { ApiKeyRow } from "@/components/settings/keys/api-key"

/** What the list shows of an app. Times as ISO 8601. */
export interface AppRow {
  readonly id: string
  readonly slug: string
  readonly name: string
  /** Carries the console's own events and takes no keys. */
  readonly builtIn: boolean
  readonly createdAt: string
  readonly activeKeys: number
  /** When one of its keys was last used. */
  readonly lastUsedAt: string | null
}

type KeyOfApp = Pick<ApiKeyRow, "state" | "lastUsedAt"> & { readonly app: { readonly id: string } }

/** Promise: the apps in their order, each with how many keys work and when one was last used. */
export function withKeys(
  apps: readonly Omit<AppRow, "activeKeys" | "lastUsedAt">[],
  keys: readonly KeyOfApp[],
): readonly AppRow[] {
  return apps.map(app => {
    const own = keys.filter(key => key.app.id === app.id)
    const uses = own.flatMap(key => (key.lastUsedAt === null ? [] : [key.lastUsedAt])).sort()
    return {
      ...app,
      activeKeys: own.filter(key => key.state === "active").length,
      lastUsedAt: uses.at(-1) ?? null,
    }
  })
}
