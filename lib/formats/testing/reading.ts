import { createHash } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import type { EventContent } from "@/lib/audit/event/event"
import { type ParsedEvent, parseEvent } from "@/lib/audit/event/parse"
import { scanJson } from "@/lib/audit/json/scan"
import { AppError } from "@/lib/errors"
import type { MappedFormat } from "@/lib/formats/engine/mapped"
import { type FormatRecord, RecordIds } from "@/lib/formats/format"

// How the tests of formats read fixtures: as the command reads files, and as the API takes events. The fixtures of a format begin
// with its name: `okta.jsonl` holds records as the system writes them, the others (`okta-variants.jsonl`) odd ones and containers.

export const appId = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
export const folder = path.join(import.meta.dirname, "../fixtures")
const fixtures = readdirSync(folder).filter(name => /\.jsonl?$/.test(name))

export function fixturesOf({ name }: MappedFormat): readonly string[] {
  return fixtures.filter(fixture => fixture.startsWith(`${name}.`) || fixture.startsWith(`${name}-`))
}

/** The texts of a fixture as the command hands them on: lines, or the whole. */
export function textsOf(fixture: string): readonly string[] {
  const text = readFileSync(`${folder}/${fixture}`, "utf8")
  return fixture.endsWith("l") ? text.trimEnd().split("\n") : [text]
}

export function mainTexts(format: MappedFormat): readonly string[] {
  const [main = ""] = fixturesOf(format).filter(fixture => !fixture.includes("-"))
  return textsOf(main)
}

/** The records of a text, or the error that says that it makes no sense as a whole. Anything else that is thrown fails the test. */
export function read(
  format: MappedFormat,
  text: string,
  ids = new RecordIds(appId, format.name),
): readonly FormatRecord[] | AppError {
  const records: FormatRecord[] = []
  try {
    for (const record of format.read(text, { ids })) records.push(record)
    return records
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}

export function recordsOf(
  format: MappedFormat,
  texts: readonly string[],
  app = appId,
): readonly FormatRecord[] {
  const ids = new RecordIds(app, format.name)
  return texts.flatMap(text => {
    const records = read(format, text, ids)
    return records instanceof AppError ? [] : records
  })
}

export function parsedOf({ event }: FormatRecord): ParsedEvent {
  const { value, faults } = scanJson(event ?? "null")
  return faults.length > 0
    ? { ok: false, faults }
    : parseEvent(value, { organizationId: "o", appId, newId: () => "none" })
}

export function contentsOf(
  records: readonly FormatRecord[],
): readonly Omit<EventContent, "occurredAt" | "receivedAt">[] {
  return records.flatMap(record => {
    const parsed = parsedOf(record)
    return parsed.ok ? [parsed.prepared.content] : []
  })
}

export function rawOf(record: FormatRecord): string | null {
  const parsed = parsedOf(record)
  return parsed.ok && parsed.prepared.raw !== null ? Buffer.from(parsed.prepared.raw).toString("utf8") : null
}

/** Ids and texts must stay: one that changes would make a conflict of every record that was imported before. */
export function* golden(format: MappedFormat, fixture: string): Iterable<string> {
  const ids = new RecordIds(appId, format.name)
  for (const [index, text] of textsOf(fixture).entries()) {
    const records = read(format, text, ids)
    if (records instanceof AppError) yield `${index + 1}: ${records.message}`
    else {
      for (const { position, ...told } of records) {
        const digest = createHash("sha256")
          .update(told.event ?? "")
          .digest("hex")
        const said =
          told.event === null ? told.fault : `${digest} ${told.event.replace(/"raw":"[^"]*"/, '"raw":"..."')}`
        yield `${index + 1}, ${position}: ${said}`
      }
    }
  }
}

/** The records of a main fixture by another way than the format's own: its lines, or the elements of its only list. */
export function elementsOf(text: string): readonly unknown[] {
  const value: unknown = JSON.parse(text)
  const lists = Object.values(Object(value)).filter(Array.isArray)
  return lists.length === 1 && Object.keys(Object(value)).length < 4 ? lists.flat() : [value]
}

/** A record in the file that its format comes in. */
export const inFile = (name: string, record: string) =>
  name === "clarifai" ? `{"status":{"code":10000},"entries":[${record}]}` : record
