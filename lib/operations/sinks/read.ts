import type { Tx } from "@/lib/database/tx"
import { progressOf } from "@/lib/delivery/sinks/progress"
import { AppError } from "@/lib/errors"
import type { Context, Work } from "@/lib/operations/core/operation"
import { answerOf } from "./answer"
import type { SinkAnswer } from "./answers"
import { noSink, readSink, readSinks, type SinkRow } from "./row"
import { serverSinkAnswer, serverSinkOf } from "./server"

/** What reading needs of the context of an operation. */
export type SinkReader = Pick<Context, "env" | "sinkKinds" | "caller" | "organization">

/** Returns every sink of the organization: the one of the environment, and the others by name. */
export async function readAnswers(tx: Tx, reader: SinkReader): Promise<readonly SinkAnswer[]> {
  const organizationId = reader.organization.id
  const at = reader.caller.at
  const cursors = await progressOf(tx, { organizationId, sinkId: null }, at)
  const refused = await countRefused(tx, organizationId)
  const partsOf = (sinkId: string) => ({
    cursors: cursors.filter(cursor => cursor.sinkId === sinkId),
    deadLetters: refused.get(sinkId) ?? 0,
    at,
  })
  const server = serverSinkOf(reader)
  const rows = await readSinks(tx, organizationId)
  return [
    ...(server === null ? [] : [serverSinkAnswer(server, reader.sinkKinds, partsOf(server.id))]),
    ...rows.map(row => answerOf(row, { ...ofReader(reader), ...partsOf(row.id) })),
  ]
}

/** Returns one sink, also the one of the environment. Throws AppError `not-found`. */
export async function readAnswer(tx: Tx, reader: SinkReader, sinkId: string): Promise<SinkAnswer> {
  const organizationId = reader.organization.id
  const at = reader.caller.at
  const server = serverSinkOf(reader)
  const row = server?.id === sinkId ? null : await readSink(tx, { organizationId, sinkId })
  const cursors = await progressOf(tx, { organizationId, sinkId }, at)
  const deadLetters = (await countRefused(tx, organizationId)).get(sinkId) ?? 0
  const parts = { cursors, deadLetters, at }
  if (row !== null) return answerOf(row, { ...ofReader(reader), ...parts })
  if (server === null) throw noSink()
  return serverSinkAnswer(server, reader.sinkKinds, parts)
}

function ofReader({ env, organization, sinkKinds }: SinkReader) {
  return { secret: env.secret, organizationId: organization.id, kinds: sinkKinds }
}

async function countRefused(tx: Tx, organizationId: string): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.query<{ sinkId: string; count: number }>(
    `SELECT sink_id::text AS "sinkId", count(*)::int AS count FROM sink_dead_letter
     WHERE organization_id = $1::uuid GROUP BY sink_id`,
    [organizationId],
  )
  return new Map(rows.map(({ sinkId, count }) => [sinkId, count]))
}

/** Returns the id and the name of a sink of the organization, or of the environment. Throws AppError `not-found`. */
export async function nameOfSink(
  tx: Tx,
  reader: SinkReader,
  sinkId: string,
): Promise<{ readonly id: string; readonly name: string; readonly isPaused: boolean }> {
  const server = serverSinkOf(reader)
  if (server?.id === sinkId) return { id: server.id, name: server.name, isPaused: false }
  const { id, name, pausedAt } = await readSink(tx, { organizationId: reader.organization.id, sinkId })
  return { id, name, isPaused: pausedAt !== null }
}

/** Returns the sink to be changed. Throws AppError: `not-found`, `locked` for the one of the environment. */
export async function sinkToChange(work: Work & SinkReader, sinkId: string): Promise<SinkRow> {
  const server = serverSinkOf(work)
  if (server?.id === sinkId) {
    const variables = server.setBy.join(", ")
    throw new AppError("locked", "The environment of the server sets this sink: it cannot be changed here.", {
      faults: [{ pointer: "/id", message: `is set by ${variables}` }],
    })
  }
  return readSink(work.tx, { organizationId: work.organization.id, sinkId })
}

/** Returns whether the installation has no other organization. */
export async function isOnlyOrganization(tx: Tx): Promise<boolean> {
  const [row] = await tx.query<{ count: number }>("SELECT count(*)::int AS count FROM organization")
  return row?.count === 1
}
