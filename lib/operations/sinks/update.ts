import { restartCursors, resumeCursors } from "@/lib/delivery/sinks/cursors"
import { requireRecentProof } from "@/lib/operations/core/authorise"
import { changedMeanwhile } from "@/lib/operations/core/changed-meanwhile"
import { invalidInput } from "@/lib/operations/core/input"
import { operation, type WriteContext } from "@/lib/operations/core/operation"
import type { Credentials } from "@/lib/sinks/credentials"
import type { AnySinkKind } from "@/lib/sinks/kinds"
import { type Checked, checkWanted, kindNamed, refuseShared } from "./check"
import { nameOf, refuseTakenName } from "./create"
import { openStored, sealGiven } from "./credentials"
import { updateInput } from "./inputs"
import { isOnlyOrganization, readAnswer, sinkToChange } from "./read"
import { changesOfSink, replacedCredentials } from "./recorded"
import type { SinkRow } from "./row"

/**
 * Changes a sink; what is absent stays. Another host needs a recent proof of identity and every credential again. Throws AppError:
 * `conflict` when it was changed after the caller has read it, `invalid` with a pointer for every fault, `locked` for the sink of the
 * environment.
 */
export const updateSink = operation({
  name: "sink.update",
  summary: "Changes a sink. Its credentials are forgotten when it leads to another host.",
  permission: "SINK-MANAGEMENT",
  effect: "write",
  input: updateInput,
  run: async (context, { id, version, name: wantedName, ...given }) => {
    const { tx, caller, organization } = context
    const before = await sinkToChange(context, id)
    if (before.version !== version) throw changedMeanwhile("the sink")
    const kind = kindNamed(context, before.kind)
    if (given.kind !== undefined && given.kind !== before.kind)
      throw invalidInput([{ pointer: "/kind", message: "cannot be changed: create another sink" }])
    const stored = storedOf(context, kind, before)
    const checked = await checkWanted(
      context,
      {
        kind,
        settings: given.settings ?? before.settings,
        credentials: given.credentials,
        query: given.query ?? before.query,
        format: given.format ?? before.format,
        redactIdentity: given.redactIdentity ?? before.redactIdentity,
        omit: given.omit ?? before.omit,
      },
      host => ({ credentials: stored.credentials, sameHost: host === stored.host }),
    )
    if (checked.host !== stored.host) {
      refuseShared(kind, await isOnlyOrganization(tx))
      requireRecentProof(caller)
    }
    const name = wantedName ?? before.name
    if (name !== before.name) await refuseTakenName(context, name, id)
    const known = { ...before, credentials: stored.credentials ?? {} }
    const after = { ...checked, name, kind: before.kind }
    const changes = changesOfSink(known, after)
    const replaced = replacedCredentials(known.credentials, checked.credentials)
    // A credential that could not be read any more counts as replaced, whatever it was.
    const isSealedAnew = replaced.length > 0 || stored.credentials === null || checked.host !== stored.host
    if (changes.length > 0 || isSealedAnew) {
      await store(context, before, after, isSealedAnew || !sameNames(known.credentials, checked.credentials))
      const sink = { sinkId: id, organizationId: organization.id }
      await restartCursors(tx, sink, caller.at)
      if (before.pausedReason === "credentials") await resumeCursors(tx, sink, caller.at)
    }
    return {
      value: await readAnswer(tx, context, id),
      event: {
        targets: [{ type: "sink", id, name }],
        description:
          changes.length + replaced.length === 0
            ? `The sink ${name} stayed as it was.`
            : `The sink ${name} was changed.`,
        details: [...replaced],
        changes,
      },
    }
  },
})

/** Returns the credentials that are stored, and the host to which they belong. */
export function storedOf(
  { env, organization }: Pick<WriteContext, "env" | "organization">,
  kind: AnySinkKind,
  row: SinkRow,
): { readonly host: string | null; readonly credentials: Credentials | null } {
  const parsed = kind.settings.safeParse(row.settings)
  // Settings of another version: nothing can be said about the host, so nothing is kept for it.
  if (!parsed.success) return { host: null, credentials: row.sealedCredentials === null ? {} : null }
  const host = kind.boundTo(parsed.data)
  const bound = { sinkId: row.id, organizationId: organization.id, kind: row.kind, host }
  return { host, credentials: openStored(env.secret, bound, row.sealedCredentials) }
}

function sameNames(one: Credentials, other: Credentials): boolean {
  return Object.keys(one).sort().join() === Object.keys(other).sort().join()
}

async function store(
  { tx, caller, organization, env }: WriteContext,
  { id, kind, pausedReason }: SinkRow,
  after: Checked & { readonly name: string },
  isSealedAnew: boolean,
): Promise<void> {
  const { settings, query, format, redactIdentity, omit, credentials, host, name } = after
  await tx.query(
    `UPDATE sink SET name = $3, settings = $4::jsonb, query = $5, format = $6, redact_identity = $7, omit = $8::text[],
       version = version + 1
     WHERE organization_id = $2::uuid AND id = $1::uuid`,
    [id, organization.id, name, JSON.stringify(settings), query, format, redactIdentity, [...omit]],
  )
  if (!isSealedAnew) return
  const sealed = sealGiven(
    env.secret,
    { sinkId: id, organizationId: organization.id, kind, host },
    credentials,
  )
  await tx.query(
    `UPDATE sink SET sealed_credentials = $3, credentials_set_at = $4::timestamptz, credentials_set_by = $5,
       paused_at = CASE WHEN $6 THEN NULL ELSE paused_at END, paused_reason = CASE WHEN $6 THEN NULL ELSE paused_reason END
     WHERE organization_id = $2::uuid AND id = $1::uuid`,
    [
      ...[id, organization.id],
      ...(sealed === null
        ? [null, null, null]
        : [Buffer.from(sealed), caller.at.toISOString(), nameOf(caller.principal)]),
      pausedReason === "credentials",
    ],
  )
}
