import type { Client, Fault, Outcome } from "./client"
import type { Break, FileRecord, FileToRead } from "./file-record"
import { forgetProgress, keepProgress, type Resumable, recordsDone } from "./progress-file"
import { readRecords } from "./records"

/** A request holds no more, so that with its last event it stays below what the server takes (5 MiB). */
const batchBytes = 3 * 1024 * 1024
/** An event with more is more than the server takes of a whole batch. */
const eventBytes = 5 * 1024 * 1024

export interface Counts {
  readonly read: number
  readonly accepted: number
  readonly duplicates: number
  readonly rejected: number
  /** Records that an earlier run of the command was answered for. */
  readonly skipped: number
}

export interface Watcher {
  /** A record that was not kept, and why. */
  readonly onRejected: (place: string, faults: readonly Fault[]) => void
  /** Where the file breaks off, and why: nothing behind it could be read. */
  readonly onBroken: (place: string, reason: string) => void
  readonly onProgress: (counts: Counts) => void
  /** How far the file is could not be written down. */
  readonly onProgressLost: (error: unknown) => void
}

/** Sends all records of a file, in order, and remembers after each batch how far it came. */
export async function sendFile(
  file: FileToRead & Resumable & { readonly batchEvents: number },
  client: Client,
  watcher: Watcher,
): Promise<Counts> {
  const skip = await recordsDone(file)
  const counts = { read: 0, accepted: 0, duplicates: 0, rejected: 0, skipped: 0 }
  const records = recordsBefore(readRecords(file), ({ place, brokenBy }) => watcher.onBroken(place, brokenBy))
  for await (const batch of batches(records, skip, file.batchEvents)) {
    counts.read += batch.length
    const places = batch.flatMap(record => (record.event === null ? [] : [record]))
    const outcomes = places.length === 0 ? [] : await client.send(places.map(record => record.event))
    let next = 0
    for (const record of batch) {
      const outcome = record.event === null ? unreadable(record.fault) : outcomes[next++]
      count(counts, outcome)
      if (outcome?.outcome === "rejected") watcher.onRejected(record.place, outcome.faults)
    }
    await keepProgress(file, skip + counts.read).catch(watcher.onProgressLost)
    watcher.onProgress({ ...counts, skipped: skip })
  }
  await forgetProgress(file)
  return { ...counts, skipped: skip }
}

async function* recordsBefore(
  records: AsyncIterable<FileRecord | Break>,
  onBroken: (broken: Break) => void,
): AsyncGenerator<FileRecord> {
  for await (const record of records) {
    if ("brokenBy" in record) onBroken(record)
    else yield record
  }
}

async function* batches(
  records: AsyncIterable<FileRecord>,
  skip: number,
  mostEvents: number,
): AsyncIterable<readonly FileRecord[]> {
  let batch: FileRecord[] = []
  let bytes = 0
  let number = 0
  // What was answered for is read again but not sent: ids of equal records depend on those before them.
  for await (const record of records) {
    if (++number <= skip) continue
    const fitting = withinSize(record)
    const size = fitting.event === null ? 0 : Buffer.byteLength(fitting.event)
    if (batch.length > 0 && (batch.length === mostEvents || bytes + size > batchBytes)) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(fitting)
    bytes += size
  }
  if (batch.length > 0) yield batch
}

function withinSize(record: FileRecord): FileRecord {
  if (record.event === null || Buffer.byteLength(record.event) <= eventBytes) return record
  return { place: record.place, event: null, fault: "The event is larger than 5 MiB." }
}

function unreadable(fault: string): Outcome {
  return { outcome: "rejected", faults: [{ pointer: "", detail: fault }] }
}

function count(
  counts: { accepted: number; duplicates: number; rejected: number },
  outcome: Outcome | undefined,
): void {
  if (outcome?.outcome === "accepted") counts.accepted++
  else if (outcome?.outcome === "duplicate") counts.duplicates++
  else counts.rejected++
}
