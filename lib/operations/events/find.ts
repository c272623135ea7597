import { z } from "zod"
import type { AppRef } from "@/lib/access/principal"
import type { AuditEvent } from "@/lib/audit/event/event"
import type { Finding } from "@/lib/audit/store"
import { isUuid } from "@/lib/audit/uuid"
import { AppError } from "@/lib/errors"
import { operation } from "@/lib/operations/core/operation"

/** One complete event. */
export interface FoundEvent {
  readonly event: AuditEvent
  /** The original bytes of an imported event, in base64. */
  readonly raw: string | null
  /** Null only when the app is unknown. */
  readonly app: AppRef | null
}

/**
 * Finds one event. An unknown event, one of another organization and one outside the Scope give the same `not-found`; one
 * that the caller could see until its content was removed gives `expired`.
 */
export const findEvent = operation({
  name: "event.find",
  summary: "Finds one event by its id.",
  permission: "LOG-OWN",
  effect: "read",
  input: z.strictObject({ id: z.string() }),
  run: async ({ scope, store, apps: known }, { id }): Promise<FoundEvent> => {
    const found = isUuid(id) ? await store.find(scope, id.toLowerCase()) : unknown
    if (found.kind === "expired") {
      throw new AppError(
        "expired",
        "The event has expired. Its entry in the ledger remains; its content was removed.",
      )
    }
    if (found.kind === "unknown") throw new AppError("not-found", "There is no such event.")
    const apps = await known.find(scope)
    const { event, raw } = found
    return {
      event,
      raw: raw && Buffer.from(raw).toString("base64"),
      app: apps.find(app => app.id === event.appId) ?? null,
    }
  },
})

const unknown: Finding = { kind: "unknown" }
