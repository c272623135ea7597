import type { Counts } from "./send-file"

interface Stream {
  readonly write: (text: string) => unknown
  readonly isTTY?: boolean
}

/** Elsewhere than on a screen, a line this often is enough. */
const quietMs = 10_000

/** Says how far a file is: one line that is written over on a screen, now and then a line in a log. */
export class Progress {
  private readonly stream: Stream
  private readonly warned = new Set<string>()
  private path = ""
  private totalBytes = 0
  private readBytes = 0
  private startedMs = 0
  private saidMs = 0

  constructor(stream: Stream) {
    this.stream = stream
  }

  begin(path: string, totalBytes: number): void {
    this.path = path
    this.totalBytes = totalBytes
    this.readBytes = 0
    this.startedMs = this.saidMs = performance.now()
  }

  advance(bytes: number): void {
    this.readBytes += bytes
  }

  show({ read, accepted, duplicates, rejected }: Counts): void {
    const nowMs = performance.now()
    if (!this.stream.isTTY && nowMs - this.saidMs < quietMs) return
    this.saidMs = nowMs
    const percent =
      this.totalBytes === 0 ? 100 : Math.min(100, Math.floor((this.readBytes / this.totalBytes) * 100))
    const rate = Math.round(read / Math.max(0.001, (nowMs - this.startedMs) / 1000))
    this.say(
      `${this.path}: ${percent} %, ${accepted} accepted, ${duplicates} duplicate, ${rejected} rejected, ${rate}/s`,
    )
  }

  wait(reason: string, seconds: number): void {
    this.clear()
    this.stream.write(`The server ${reason}; trying again in ${seconds.toFixed(1)} s.\n`)
  }

  /** Says the same thing once only. */
  warn(text: string): void {
    if (this.warned.has(text)) return
    this.warned.add(text)
    this.clear()
    this.stream.write(`${text}\n`)
  }

  /** Makes room for a line of somebody else. */
  clear(): void {
    if (this.stream.isTTY) this.stream.write("\r\u001b[K")
  }

  private say(text: string): void {
    this.stream.write(this.stream.isTTY ? `\r\u001b[K${text}` : `${text}\n`)
  }
}
