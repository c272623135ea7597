import type { JsonObject } from "@/lib/audit/json/value"
import { dateText } from "@/lib/database/instant"
import type { Tx } from "@/lib/database/tx"
import { AppError } from "@/lib/errors"
import type { PausedReason } from "./answers"

/** A sink as it is stored. Instants are as Date#toISOString writes them. */
export interface SinkRow {
  readonly id: string
  readonly name: string
  readonly kind: string
  readonly settings: JsonObject
  readonly sealedCredentials: Uint8Array | null
  readonly credentialsSetAt: string | null
  readonly credentialsSetBy: string | null
  readonly query: string
  readonly format: string
  readonly redactIdentity: boolean
  readonly omit: readonly string[]
  readonly version: number
  readonly pausedAt: string | null
  readonly pausedReason: PausedReason | null
  readonly createdAt: string
  readonly createdBy: string
}

/** Where the rows of a sink are. */
export interface SinkPlace {
  readonly organizationId: string
  readonly sinkId: string
}

const columns = `id, name, kind, settings, sealed_credentials AS "sealedCredentials",
  ${dateText("credentials_set_at")} AS "credentialsSetAt", credentials_set_by AS "credentialsSetBy", query, format,
  redact_identity AS "redactIdentity", omit, version, ${dateText("paused_at")} AS "pausedAt", paused_reason AS "pausedReason",
  ${dateText("created_at")} AS "createdAt", created_by AS "createdBy"`

/** Returns the sinks of the organization, by name. */
export function readSinks(tx: Tx, organizationId: string): Promise<readonly SinkRow[]> {
  return tx.query<SinkRow>(
    `SELECT ${columns} FROM sink WHERE organization_id = $1::uuid ORDER BY lower(name), name, id`,
    [organizationId],
  )
}

/** Returns the sink. Throws AppError `not-found`. */
export async function readSink(tx: Tx, { organizationId, sinkId }: SinkPlace): Promise<SinkRow> {
  const [row] = await tx.query<SinkRow>(
    `SELECT ${columns} FROM sink WHERE organization_id = $1::uuid AND id = $2::uuid`,
    [organizationId, sinkId],
  )
  if (!row) throw noSink()
  return row
}

/** Returns the refusal for an id that the organization does not have. */
export function noSink(): AppError {
  return new AppError("not-found", "There is no such sink.")
}
