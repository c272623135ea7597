import { Buffer } from "node:buffer"
import type { JsonValue } from "@/lib/audit/json/value"

const mostParts = 100
const longestName = 256
const longestHead = 2_048

/** Returns the names and sizes of the parts of a form with files. Nothing of what they hold is read. */
export function readMultipart(
  bytes: Uint8Array,
  mediaType: string,
  { isWhole, totalBytes }: { readonly isWhole: boolean; readonly totalBytes: number },
): JsonValue {
  const boundary = /;\s*boundary\s*=\s*(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(mediaType)
  const mark = boundary?.[1] ?? boundary?.[2]
  const whole = { mediaType: "multipart", bytes: totalBytes }
  if (mark === undefined) return whole
  const parts = partsOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), `--${mark}`)
  const listed = parts.slice(0, mostParts).map(({ head, size, isEnded }) => ({
    name: nameOf(head),
    bytes: size,
    ...(isEnded || isWhole ? {} : { more: true }),
  }))
  return {
    parts: [...listed, ...(parts.length > mostParts ? [{ cut: parts.length - mostParts }] : [])],
    bytes: totalBytes,
  }
}

interface Part {
  readonly head: string
  readonly size: number
  readonly isEnded: boolean
}

function partsOf(bytes: Buffer, mark: string): readonly Part[] {
  const parts: Part[] = []
  let start = bytes.indexOf(mark)
  while (start !== -1) {
    const from = start + mark.length
    if (bytes.toString("latin1", from, from + 2) === "--") break
    const next = bytes.indexOf(`\r\n${mark}`, from)
    const end = next === -1 ? bytes.length : next
    const headEnd = bytes.indexOf("\r\n\r\n", from)
    if (headEnd === -1 || headEnd > end) break
    const head = bytes.toString("utf8", from, Math.min(headEnd, from + longestHead))
    parts.push({ head, size: Math.max(0, end - headEnd - 4), isEnded: next !== -1 })
    start = next === -1 ? -1 : next + 2
  }
  return parts
}

function nameOf(head: string): string {
  const name = /\bname\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/i.exec(head)
  return (name?.[1] ?? name?.[2] ?? "").slice(0, longestName)
}
