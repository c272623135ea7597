import { z } from "zod"
import type { AppRef } from "@/lib/access/principal"
import { operation, type ReadContext } from "@/lib/operations/core/operation"

/** What the caller may see of the log, and whether they may export it. */
export interface SeenLog {
  /** The apps by which the events can be filtered. */
  readonly apps: readonly AppRef[]
  /** True when these are all existing and future apps. */
  readonly everyApp: boolean
  /** True when only the caller's own actions are visible. */
  readonly ownOnly: boolean
  readonly mayExport: boolean
}

/** Lists the apps whose events the caller may see, and whether the log is limited to them. */
export const listLogApps = operation({
  name: "application.choices",
  summary: "Lists the apps whose events the caller may see.",
  permission: "LOG-OWN",
  effect: "read",
  input: z.strictObject({}),
  run: seenLog,
})

/** Returns what the caller may see of the log. */
export async function seenLog({ caller, scope, apps }: ReadContext): Promise<SeenLog> {
  return {
    apps: await apps.find(scope),
    everyApp: scope.appIds === null,
    ownOnly: scope.actorId !== null,
    mayExport: caller.principal.permissions.has("LOG-EXPORT"),
  }
}
