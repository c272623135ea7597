import type { EventInput } from "@/lib/audit/event/input"
import { parseEvent } from "@/lib/audit/event/parse"
import { newId } from "@/lib/audit/ids"
import type { Tx } from "@/lib/database/tx"
import { AppError } from "@/lib/errors"
import { append } from "@/lib/ledger/append"
import type { Platform } from "@/lib/platform"
import type { Requirement, WriteContext } from "./operation"
import { type OwnDoing, type OwnLog, organizationsOf, prepareOwnEvent } from "./own-event"

/**
 * Appends the events of a transaction as its last statements, log by log, each to every log that it belongs to. All
 * at once: a writer that returns to an earlier log could deadlock with another.
 */
export async function appendWithin(
  { tx, enter }: Pick<WriteContext<Requirement>, "tx" | "enter">,
  doings: readonly OwnDoing[],
  platform: Platform,
): Promise<void> {
  const logs = new Map(doings.map(doing => [doing, organizationsOf(doing)]))
  for (const organizationId of [...new Set([...logs.values()].flat())].sort()) {
    await enter(organizationId)
    const builtInAppId = await findBuiltInApp(tx, organizationId, platform)
    if (builtInAppId === null) {
      throw new AppError("internal", "An organization has no app for the console's own events.")
    }
    const here = doings.filter(doing => logs.get(doing)?.includes(organizationId))
    await append(
      tx,
      organizationId,
      here.map(doing => prepareOwnEvent(doing, { organizationId, builtInAppId })),
    )
  }
}

/**
 * Appends an event outside of a transaction: a refusal, a failure, a sensitive read. An organization that was just
 * rolled back has no log, so nothing is written for it.
 */
export async function appendApart(doing: OwnDoing, platform: Platform): Promise<void> {
  for (const organizationId of organizationsOf(doing)) {
    const builtInAppId = await builtInAppOf(organizationId, platform)
    if (builtInAppId === null) continue
    await platform.ledger.append(organizationId, [prepareOwnEvent(doing, { organizationId, builtInAppId })])
  }
}

/** Appends a call to the API of this console, outside of a transaction. */
export async function appendOwnCall(log: OwnLog, call: EventInput, platform: Platform): Promise<void> {
  const { organizationId, builtInAppId } = log
  const context = { organizationId, appId: builtInAppId, newId: () => newId(Date.now()) }
  const parsed = parseEvent(call, context)
  if (!parsed.ok) {
    const [fault] = parsed.faults
    throw new AppError("internal", `A call cannot be recorded: ${fault?.pointer} ${fault?.message}.`)
  }
  await platform.ledger.append(organizationId, [parsed.prepared])
}

/** Returns the id of the app that represents the console in the log of the organization; null when there is no such log. */
export async function builtInAppOf(organizationId: string, platform: Platform): Promise<string | null> {
  return (
    platform.builtInApps.get(organizationId) ??
    (await platform.database.withOrganization(
      organizationId,
      tx => findBuiltInApp(tx, organizationId, platform),
      { readOnly: true },
    ))
  )
}

// Created with its organization and never removed, so it is cached for the lifetime of the process.
async function findBuiltInApp(tx: Tx, organizationId: string, platform: Platform): Promise<string | null> {
  const remembered = platform.builtInApps.get(organizationId)
  if (remembered !== undefined) return remembered
  const [app] = await tx.query<{ id: string }>(
    "SELECT id FROM app WHERE organization_id = $1::uuid AND built_in",
    [organizationId],
  )
  if (app) platform.builtInApps.set(organizationId, app.id)
  return app?.id ?? null
}
