import type { CapturedBody, Headers } from "@/lib/audit/capture/call"

/** The first bytes of a body that passes, and the number of all. It holds copies, so that no larger chunk stays in memory. */
export class KeptBody {
  totalBytes = 0
  isEnded = false
  private readonly limit: number
  private readonly parts: Buffer[] = []
  private size = 0

  constructor(limit: number) {
    this.limit = limit
  }

  take(chunk: Buffer): void {
    this.totalBytes += chunk.length
    const room = this.limit - this.size
    if (room <= 0) return
    const part = Buffer.from(chunk.length <= room ? chunk : chunk.subarray(0, room))
    this.parts.push(part)
    this.size += part.length
  }

  /** Returns what was kept; null when nothing was to be kept, or there is no body. */
  captured(headers: Headers): CapturedBody | null {
    if (this.limit === 0 || this.totalBytes === 0) return null
    return {
      mediaType: headerValue(headers, "content-type"),
      contentEncoding: headerValue(headers, "content-encoding"),
      bytes: Buffer.concat(this.parts),
      totalBytes: this.totalBytes,
      isEnded: this.isEnded,
    }
  }
}

function headerValue(headers: Headers, name: string): string | null {
  return headers.find(([given]) => given.toLowerCase() === name)?.[1] ?? null
}
