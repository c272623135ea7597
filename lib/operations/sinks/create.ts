import { newId } from "@/lib/audit/ids"
import { type Beginning, beginCursor } from "@/lib/delivery/sinks/cursors"
import { AppError } from "@/lib/errors"
import { operation, type WriteContext } from "@/lib/operations/core/operation"
import { actorOf } from "@/lib/operations/core/own-event"
import type { SinkBegin } from "./answers"
import { type Checked, checkWanted, kindNamed, refuseShared } from "./check"
import { sealGiven } from "./credentials"
import { createInput } from "./inputs"
import { isOnlyOrganization, readAnswer } from "./read"
import { recordedSink } from "./recorded"

/** More would make the page and the worker slow, and nobody has needed so many. */
const mostSinks = 100

/**
 * Creates a sink, which begins to deliver. Throws AppError: `invalid` with a pointer for every fault, `conflict` for a name that is taken,
 * `forbidden` for a kind that writes to a machine that several organizations share.
 */
export const createSink = operation({
  name: "sink.create",
  summary: "Creates a sink: copies of events go there from now on, or from an earlier one on.",
  permission: "SINK-MANAGEMENT",
  recentProof: true,
  effect: "write",
  input: createInput,
  run: async (context, { name, kind: kindName, begin, ...given }) => {
    const { tx, caller, organization, env } = context
    const kind = kindNamed(context, kindName)
    refuseShared(kind, await isOnlyOrganization(tx))
    const nothing = { credentials: {}, sameHost: true }
    const checked = await checkWanted(context, { ...given, kind, format: given.format }, () => nothing)
    await refuseMore(context)
    await refuseTakenName(context, name, null)
    const id = newId(caller.at.getTime())
    const bound = { sinkId: id, organizationId: organization.id, kind: kindName, host: checked.host }
    const sealed = sealGiven(env.secret, bound, checked.credentials)
    await store(context, { id, name, kind: kindName }, checked, sealed)
    const { first } = await beginCursor(
      tx,
      { sinkId: id, organizationId: organization.id },
      { begin: beginningOf(begin), at: caller.at },
    )
    return {
      value: await readAnswer(tx, context, id),
      event: {
        targets: [{ type: "sink", id, name }],
        description: `The sink ${name} was created.`,
        details: [`It begins with event ${first} of the log.`],
        changes: [{ path: "", before: null, after: recordedSink({ name, kind: kindName, ...checked }) }],
      },
    }
  },
})

async function store(
  { tx, caller, organization }: WriteContext,
  { id, name, kind }: { readonly id: string; readonly name: string; readonly kind: string },
  { settings, query, format, redactIdentity, omit }: Checked,
  sealed: Uint8Array | null,
): Promise<void> {
  const by = nameOf(caller.principal)
  const at = caller.at.toISOString()
  await tx.query(
    `INSERT INTO sink (id, organization_id, name, kind, settings, sealed_credentials, credentials_set_at, credentials_set_by,
       query, format, redact_identity, omit, created_at, created_by)
     VALUES ($1::uuid, $2::uuid, $3, $4, $5::jsonb, $6, $7::timestamptz, $8, $9, $10, $11, $12::text[], $13::timestamptz, $14)`,
    [
      ...[id, organization.id, name, kind, JSON.stringify(settings)],
      ...(sealed === null ? [null, null, null] : [Buffer.from(sealed), at, by]),
      ...[query, format, redactIdentity, [...omit], at, by],
    ],
  )
}

/** Returns the name of a caller as it is kept: a copy of that time. */
export function nameOf(principal: Parameters<typeof actorOf>[0]): string {
  const { name, id } = actorOf(principal)
  return name ?? id
}

async function refuseMore({ tx, organization }: WriteContext): Promise<void> {
  const [row] = await tx.query<{ count: number }>(
    "SELECT count(*)::int AS count FROM sink WHERE organization_id = $1::uuid",
    [organization.id],
  )
  if (row !== undefined && row.count < mostSinks) return
  throw new AppError("conflict", `There are ${mostSinks} sinks already, and may not be more.`)
}

/** Throws AppError `conflict` when another sink has the name. Writes of an organization run one after the other. */
export async function refuseTakenName(
  { tx, organization }: Pick<WriteContext, "tx" | "organization">,
  name: string,
  ownId: string | null,
): Promise<void> {
  const [taken] = await tx.query<{ name: string }>(
    `SELECT name FROM sink WHERE organization_id = $1::uuid AND lower(name) = lower($2) AND ($3::uuid IS NULL OR id <> $3::uuid)`,
    [organization.id, name, ownId],
  )
  if (!taken) return
  throw new AppError("conflict", `There is a sink called ${taken.name} already.`, {
    faults: [{ pointer: "/name", message: "Choose another: this one is taken." }],
  })
}

function beginningOf(begin: SinkBegin): Beginning {
  switch (begin.at) {
    case "now":
      return { kind: "now" }
    case "beginning":
      return { kind: "start" }
    case "time":
      return { kind: "time", at: new Date(begin.time) }
  }
}
