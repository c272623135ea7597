import type { AuditEvent } from "@/lib/audit/event/event"
import { matcher } from "@/lib/audit/query/matches"
import type { Selection } from "@/lib/audit/query/selection"
import type { Tx } from "@/lib/database/tx"
import type { WrittenFor } from "@/lib/formats/write/writer"
import { eventWriterNamed } from "@/lib/formats/write/writers"
import type { Outbound } from "@/lib/outbound/outbound"
import type { AnySinkKind } from "@/lib/sinks/kinds"
import type { CopyPolicy } from "@/lib/sinks/outgoing"
import { isForServerSink, type ServerSink } from "@/lib/sinks/server-sink"
import { SinkError } from "@/lib/sinks/sink"
import { type SinkSelection, selectionOfSink } from "./selection"

/** What sealed credentials are bound to. */
export interface SealedFor {
  readonly sinkId: string
  readonly organizationId: string
  readonly kind: string
  readonly host: string | null
}

/** What delivery needs besides the database. */
export interface SinkParts {
  readonly kindNamed: (name: string) => AnySinkKind | null
  /** Of the sinks of organizations. */
  readonly outbound: Outbound
  /** The sink that the environment makes for every organization, and the connections that it alone may open. */
  readonly serverSink: { readonly sink: ServerSink; readonly outbound: Outbound } | null
  /** Throws SinkError `credentials`. */
  readonly openCredentials: (bound: SealedFor, sealed: Uint8Array) => Readonly<Record<string, string>>
  /** The address of the console, without a slash at its end. */
  readonly baseUrl: string
  /** Returns the folder of a sink and organization for kinds that keep files. */
  readonly directoryOf: (sinkId: string, organizationId: string) => string
}

/** A sink that can be delivered to. */
export interface DeliverableSink extends CopyPolicy {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly isServer: boolean
  readonly kind: AnySinkKind
  /** As its kind has parsed them. */
  readonly settings: unknown
  readonly credentials: Readonly<Record<string, string>>
  readonly outbound: Outbound
  readonly directory: string | null
  readonly organization: WrittenFor["organization"]
  /** Returns whether the sink gets the event. */
  readonly takes: (event: AuditEvent) => boolean
}

interface Row {
  readonly slug: string
  readonly organizationName: string
  readonly hasSeveral: boolean
  readonly id: string | null
  readonly name: string
  readonly kind: string
  readonly settings: string
  readonly sealed: Uint8Array | null
  readonly query: string
  readonly format: string
  readonly redactIdentity: boolean
  readonly omit: readonly string[]
  readonly version: number
}

const statement = `
  SELECT o.slug, o.name AS "organizationName", (SELECT count(*) FROM (SELECT FROM organization LIMIT 2) few) > 1 AS "hasSeveral",
    s.id::text, s.name, s.kind, s.settings::text AS settings, s.sealed_credentials AS sealed, s.query, s.format,
    s.redact_identity AS "redactIdentity", s.omit, s.version
  FROM organization o LEFT JOIN sink s ON s.organization_id = o.id AND s.id = $2::uuid WHERE o.id = $1::uuid`

interface WhichSink {
  readonly sinkId: string
  readonly organizationId: string
}

/**
 * Returns the sink, ready to be delivered to; null when it is not there any more. Throws SinkError when it cannot be delivered to as it is:
 * what an administrator must change.
 */
export async function loadSink(
  tx: Tx,
  which: WhichSink,
  parts: SinkParts,
  at: Date,
): Promise<DeliverableSink | null> {
  const [row] = await tx.query<Row>(statement, [which.organizationId, which.sinkId])
  if (row === undefined) return null
  const organization = { id: which.organizationId, slug: row.slug, name: row.organizationName }
  const directoryOf = (kind: AnySinkKind) =>
    kind.reach === "server" ? parts.directoryOf(which.sinkId, which.organizationId) : null
  const server = parts.serverSink
  if (server !== null && server.sink.id === which.sinkId) {
    const { id, name, version, format, redactIdentity, omit } = server.sink
    const kind = kindOf(server.sink.kind, parts)
    return {
      ...{
        id,
        name,
        version,
        format,
        redactIdentity,
        omit,
        isServer: true,
        kind,
        organization,
        credentials: {},
      },
      settings: parseSettings(kind, server.sink.settings),
      outbound: server.outbound,
      directory: directoryOf(kind),
      takes: isForServerSink,
    }
  }
  if (row.id === null) return null
  const kind = kindOf(row.kind, parts)
  if (kind.reach === "server" && row.hasSeveral) {
    const why =
      "writes to the server itself, which only an installation with one organization allows its organization"
    throw new SinkError("configuration", `${kind.label} ${why}.`)
  }
  const settings = parseSettings(kind, JSON.parse(row.settings))
  if (eventWriterNamed(row.format) === null)
    throw new SinkError("configuration", `This version has no format “${row.format}”. Choose another one.`)
  const selection = await readSelection(tx, which.organizationId, row.query, at)
  return {
    ...{ id: row.id, name: row.name, version: row.version, format: row.format },
    ...{ redactIdentity: row.redactIdentity, omit: row.omit, isServer: false },
    ...{ kind, settings, outbound: parts.outbound, directory: directoryOf(kind), organization },
    credentials: credentialsOf(
      row.sealed,
      { ...which, kind: row.kind, host: kind.boundTo(settings) },
      kind,
      parts,
    ),
    takes: matcher(selection),
  }
}

function kindOf(name: string, { kindNamed }: SinkParts): AnySinkKind {
  const kind = kindNamed(name)
  if (kind === null) throw new SinkError("configuration", `This version has no sinks of the kind “${name}”.`)
  return kind
}

function parseSettings(kind: AnySinkKind, settings: unknown): unknown {
  const parsed = kind.settings.safeParse(settings)
  if (parsed.success) return parsed.data
  const where = parsed.error.issues.map(({ path }) => path.join(".")).filter(name => name !== "")
  const which = where.length === 0 ? "" : ` (${[...new Set(where)].join(", ")})`
  throw new SinkError(
    "configuration",
    `The settings do not fit this version${which}. Open the sink and save it again.`,
  )
}

function credentialsOf(
  sealed: Uint8Array | null,
  bound: SealedFor,
  kind: AnySinkKind,
  parts: SinkParts,
): Readonly<Record<string, string>> {
  const credentials = sealed === null ? {} : parts.openCredentials(bound, sealed)
  const missing = kind.credentials.filter(({ name, required }) => required && credentials[name] === undefined)
  if (missing.length === 0) return credentials
  const names = missing.map(({ label }) => label).join(", ")
  throw new SinkError("credentials", `Enter the credentials: ${names}.`)
}

async function readSelection(tx: Tx, organizationId: string, query: string, at: Date): Promise<Selection> {
  const selected: SinkSelection = selectionOfSink(query, await readApps(tx, organizationId), at)
  if (selected.ok) return selected.selection
  const why = selected.faults.map(({ pointer, message }) => `${pointer.slice(1)} ${message}`).join("; ")
  throw new SinkError("configuration", `The query of the sink cannot be read: ${why}.`)
}

/** Returns the apps of the organization, archived ones too: their events are still there. */
export function readApps(
  tx: Tx,
  organizationId: string,
): Promise<readonly { readonly id: string; readonly slug: string }[]> {
  return tx.query("SELECT id::text, slug FROM app WHERE organization_id = $1::uuid", [organizationId])
}
