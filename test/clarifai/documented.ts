import { randomUUID } from "node:crypto"
import { readFileSync } from "node:fs"
import path from "node:path"
import type { AuditEvent } from "@/lib/audit/event/event"
import type { EventInput } from "@/lib/audit/event/input"
import { parseEvent } from "@/lib/audit/event/parse"
import type { JsonValue } from "@/lib/audit/json/value"
import { assertInstant } from "@/lib/audit/time/instant"
import { RecordIds } from "@/lib/formats/format"
import { formatFor } from "@/lib/formats/formats"

const text = readFileSync(path.resolve("prisma/demo/fixtures/clarifai-search-response.json"), "utf8")

/** An entry as Clarifai's documentation shows it. */
export interface DocumentedEntry {
  readonly timestamp: string
  readonly operation: number
  readonly req_id: string
  readonly targets: readonly Readonly<Record<string, { readonly id: string }>>[]
}

/** The ten entries of the documentation, the newest first. */
export const documentedEntries: readonly DocumentedEntry[] = JSON.parse(text).entries

/** Returns the same as events that an app may send: read as the ingest command reads a file. */
export function documentedInputs(appId: string): readonly JsonValue[] {
  const format = formatFor("auto", text)
  const ids = new RecordIds(appId, format.name)
  return [...format.read(text, { ids })].map(({ event }) => JSON.parse(event ?? "null"))
}

/** Returns the event that a log holds after it was sent. */
export function eventOf(input: EventInput | JsonValue): AuditEvent {
  const parsed = parseEvent(input, { organizationId: "o", appId: "a", newId: randomUUID })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  const { content } = parsed.prepared
  const receivedAt = assertInstant("2026-11-20T10:00:00.000000Z")
  return { ...content, receivedAt, occurredAt: content.occurredAt ?? receivedAt, index: 0, leafHash: "" }
}
