import type { CallStart } from "@/lib/audit/capture/call"
import type { Log } from "./log"
import { every } from "./timer"
import type { Transport } from "./transport"

export interface CountsOptions {
  readonly transport: Transport
  readonly log: Log
  /** Names this process, and how it records. */
  readonly instance: string
  readonly kind: string
  readonly version: string
  readonly profile: string
  readonly host: string | null
  readonly facts: () => { readonly policyVersion: number | null; readonly dropped: number }
  readonly everyMs?: number
}

interface Count {
  readonly hour: string
  readonly endpoint: string
  readonly method: string
  readonly class: string
  calls: number
  bytesIn: number
  bytesOut: number
}

/** A report may hold as many counts. Further endpoints are counted as `other`. */
const mostCounts = 2_000
const other = "other"
const quietReports = 60

/** Counts all calls, also those that are not recorded, and reports them. A report is repeated with its number until it is answered. */
export class Counts {
  readonly #options: CountsOptions
  #counts = new Map<string, Count>()
  #sequence = 0
  #unanswered: string | null = null
  #sending: Promise<void> | null = null
  #stop: (() => void) | null = null
  #reportedDropped = 0
  #quiet = 0

  constructor(options: CountsOptions) {
    this.#options = options
  }

  start(): void {
    // A first, empty report shows that this process is there.
    void this.#report(true)
    this.#stop ??= every(this.#options.everyMs ?? 60_000, () => void this.report())
  }

  add(
    { method, occurredAt }: Pick<CallStart, "method" | "occurredAt">,
    endpoint: string,
    status: number | null,
    bytes: { readonly in: number; readonly out: number },
  ): void {
    const hour = occurredAt.slice(0, 13)
    const found = this.#countOf(hour, endpoint, method, classOf(status))
    found.calls++
    found.bytesIn += bytes.in
    found.bytesOut += bytes.out
  }

  /** Sends what was counted since the last report. Never rejects. */
  report(): Promise<void> {
    return this.#report(false)
  }

  stop(): void {
    this.#stop?.()
    this.#stop = null
  }

  #countOf(hour: string, endpoint: string, method: string, kind: string): Count {
    const key = `${hour} ${method} ${kind} ${endpoint}`
    const found = this.#counts.get(key)
    if (found !== undefined) return found
    if (this.#counts.size >= mostCounts - 200 && endpoint !== other)
      return this.#countOf(hour, other, knownMethods.has(method) ? method : other, kind)
    const count = { hour: `${hour}:00:00Z`, endpoint, method, class: kind, calls: 0, bytesIn: 0, bytesOut: 0 }
    // Beyond the limit even `other` is left out: some two hundred hours without an answer.
    if (this.#counts.size < mostCounts) this.#counts.set(key, count)
    return count
  }

  #report(isFirst: boolean): Promise<void> {
    this.#sending ??= this.#send(isFirst).finally(() => {
      this.#sending = null
    })
    return this.#sending
  }

  async #send(isFirst: boolean): Promise<void> {
    this.#unanswered ??= isFirst || this.#hasNews() ? this.#toReport() : null
    if (this.#unanswered === null) return
    const answer = await this.#options
      .transport({
        method: "POST",
        path: "api/v1/capture/counts",
        headers: { "content-type": "application/json" },
        body: this.#unanswered,
      })
      .catch(() => null)
    if (answer === null || answer.status === 408 || answer.status === 429 || answer.status >= 500) return
    // Whatever else the server answered, it will answer the same to the same report.
    this.#unanswered = null
    if (answer.status >= 300) this.#options.log(`Counts were refused: the server answered ${answer.status}.`)
  }

  /** Now and then an empty report says that this process is still there. */
  #hasNews(): boolean {
    const isNews = this.#counts.size > 0 || this.#options.facts().dropped !== this.#reportedDropped
    this.#quiet = isNews ? 0 : (this.#quiet + 1) % quietReports
    return isNews || this.#quiet === 0
  }

  #toReport(): string {
    const { instance, kind, version, profile, host, facts } = this.#options
    const { policyVersion, dropped } = facts()
    const counts = [...this.#counts.values()]
    this.#counts = new Map()
    this.#reportedDropped = dropped
    const sequence = ++this.#sequence
    return JSON.stringify({
      instance,
      sequence,
      kind,
      version,
      profile,
      host,
      policyVersion,
      dropped,
      counts,
    })
  }
}

const knownMethods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])

function classOf(status: number | null): string {
  return status !== null && status >= 100 && status < 600 ? `${Math.floor(status / 100)}xx` : "none"
}
