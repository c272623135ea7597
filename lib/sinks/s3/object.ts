import type { Buffer } from "node:buffer"
import { createHash } from "node:crypto"
import { promisify } from "node:util"
import { gzip } from "node:zlib"
import type { Batch } from "@/lib/sinks/sink"
import type { S3Settings } from "./settings"

const compress = promisify(gzip)

/** So that the order of the names is that of the numbers. */
const digits = 12

/**
 * Returns the name of the object of a batch: by its range, so that a batch that is sent again replaces itself, below the day on
 * which its first event was recorded.
 */
export function objectKey(
  { prefix }: S3Settings,
  { sink, organization, first, past, events }: Batch,
): string {
  const [year, month, day] = (events[0]?.event.receivedAt ?? "").slice(0, 10).split("-")
  const range = [first, past - 1].map(index => String(index).padStart(digits, "0")).join("-")
  return [
    prefix ?? `auditorium/${sink.id}`,
    `organization=${organization.id}`,
    `year=${year}`,
    `month=${month}`,
    `day=${day}`,
    `${range}.jsonl.gz`,
  ].join("/")
}

/** Returns the lines of a batch, compressed: the same bytes for the same events. */
export function objectBody({ events }: Batch): Promise<Buffer> {
  return compress(events.map(({ line }) => `${line}\n`).join(""))
}

/** Returns the URL of an object: the bucket in the path, or before the host. */
export function objectUrl(settings: S3Settings, key: string): string {
  const { bucket, pathStyle } = settings
  const url = new URL(endpointOf(settings))
  if (!pathStyle) url.hostname = `${bucket}.${url.hostname}`
  const path = [...(pathStyle ? [bucket] : []), ...key.split("/")].map(encodeName).join("/")
  return `${url.href.replace(/\/+$/, "")}/${path}`
}

function endpointOf({ url, region }: S3Settings): string {
  return url ?? `https://s3.${region}.amazonaws.com`
}

/** The form that is signed: everything but letters, digits and -_.~ is escaped. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replace(/[!'()*]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}

export function sha256(bytes: Uint8Array, encoding: "hex" | "base64"): string {
  return createHash("sha256").update(bytes).digest(encoding)
}
