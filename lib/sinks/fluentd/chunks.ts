import { promisify } from "node:util"
import { gzip } from "node:zlib"
import { Encoder, ExtData } from "@msgpack/msgpack"
import { uuidv5 } from "@/lib/audit/ids"
import type { Instant } from "@/lib/audit/time/instant"
import type { Batch, OutgoingEvent } from "@/lib/sinks/sink"
import { suffixed } from "@/lib/sinks/suffix"
import type { FluentdSettings } from "./settings"

/** Entries of one tag that leave together. */
export interface Chunk {
  readonly tag: string
  /** 16 bytes in base64, the same for every attempt of the batch. */
  readonly id: string
  /** The entries, one after another in MessagePack. */
  readonly packed: Uint8Array
  readonly entries: number
}

/** An event that is larger than a chunk may be. */
interface TooLarge {
  /** Its place in the batch. */
  readonly position: number
  readonly reason: string
}

type ChunkSettings = Pick<FluentdSettings, "tag" | "suffix" | "chunkBytes">

/**
 * Returns the batch as chunks: the events of each tag in their order, in chunks of at most `chunkBytes`. The same batch and
 * settings give the same chunks with the same ids.
 */
export function chunksOf(
  batch: Pick<Batch, "id" | "events">,
  settings: ChunkSettings,
): { readonly chunks: readonly Chunk[]; readonly tooLarge: readonly TooLarge[] } {
  const byTag = new Map<string, Uint8Array[][]>()
  const sizes = new Map<string, number>()
  const tooLarge: TooLarge[] = []
  for (const [position, outgoing] of batch.events.entries()) {
    const entry = entryOf(outgoing)
    if (entry.byteLength > settings.chunkBytes) {
      tooLarge.push({ position, reason: tooLargeReason(entry.byteLength, settings.chunkBytes) })
      continue
    }
    const tag = suffixed(settings.tag, settings.suffix, outgoing.event.occurredAt)
    const groups = byTag.get(tag) ?? [[]]
    byTag.set(tag, groups)
    const size = (sizes.get(tag) ?? 0) + entry.byteLength
    const isFull = size > settings.chunkBytes
    if (isFull) groups.push([])
    sizes.set(tag, isFull ? entry.byteLength : size)
    groups.at(-1)?.push(entry)
  }
  const chunks = [...byTag].flatMap(([tag, groups]) =>
    groups.map((entries, number) => ({
      tag,
      id: chunkId(batch.id, tag, number),
      packed: Buffer.concat(entries),
      entries: entries.length,
    })),
  )
  return { chunks, tooLarge }
}

/** Returns the message that carries a chunk and asks for its acknowledgement: PackedForward, or CompressedPackedForward. */
export async function messageOf(chunk: Chunk, isCompressed: boolean): Promise<Uint8Array> {
  const options = { size: chunk.entries, chunk: chunk.id }
  if (!isCompressed) return encoder.encode([chunk.tag, chunk.packed, options])
  const compressed = new Uint8Array(await compress(chunk.packed))
  return encoder.encode([chunk.tag, compressed, { ...options, compressed: "gzip" }])
}

/** Returns one event as an entry: `[time, record]`. */
function entryOf({ event, entry }: OutgoingEvent): Uint8Array {
  return encoder.encode([timeOf(event.occurredAt), entry])
}

const compress = promisify(gzip)
// Events are nested in at most 32 levels, and formats add a few.
const encoder = new Encoder({ ignoreUndefined: true, maxDepth: 200 })

/**
 * Returns the time as EventTime: extension 0 of seconds and nanoseconds, four bytes each. The seconds have no room for times from
 * February 2106 on, which become whole seconds as an integer: the other form that the protocol has.
 */
function timeOf(instant: Instant): ExtData | number {
  const seconds = Date.parse(`${instant.slice(0, 19)}Z`) / 1000
  if (seconds > 0xffff_ffff) return seconds
  const bytes = new DataView(new ArrayBuffer(8))
  bytes.setUint32(0, seconds)
  bytes.setUint32(4, Number(instant.slice(20, 26)) * 1000)
  return new ExtData(0, new Uint8Array(bytes.buffer))
}

function chunkId(batchId: string, tag: string, number: number): string {
  return Buffer.from(uuidv5(batchId, `${tag} ${number}`).replaceAll("-", ""), "hex").toString("base64")
}

function tooLargeReason(bytes: number, most: number): string {
  return `The event has ${bytes} bytes, and the largest chunk of this sink ${most}. Raise the limit of the receiver, then that of the sink.`
}
