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
  /** The beginning of the hour. */
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
  /** By endpoint: each has a few counts only, so that a call is counted without writing a key. */
  #counts = new Map<string, Count[]>()
  #size = 0
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
    const found = this.#countOf(occurredAt, endpoint, method, classOf(status))
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

  #countOf(occurredAt: string, endpoint: string, method: string, kind: string): Count {
    const ofEndpoint = this.#counts.get(endpoint)
    // The latest hour is the last one.
    for (let at = (ofEndpoint?.length ?? 0) - 1; at >= 0; at -= 1) {
      const count = ofEndpoint?.[at]
      if (count?.class === kind && count.method === method && isWithin(occurredAt, count.hour)) return count
    }
    if (this.#size >= mostCounts - 200 && endpoint !== other)
      return this.#countOf(occurredAt, other, knownMethods.has(method) ? method : other, kind)
    const hour = `${occurredAt.slice(0, 13)}:00:00Z`
    const count = { hour, endpoint, method, class: kind, calls: 0, bytesIn: 0, bytesOut: 0 }
    // Beyond the limit even `other` is left out: some two hundred hours without an answer.
    if (this.#size >= mostCounts) return count
    this.#size += 1
    if (ofEndpoint === undefined) this.#counts.set(endpoint, [count])
    else ofEndpoint.push(count)
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
    const isNews = this.#size > 0 || this.#options.facts().dropped !== this.#reportedDropped
    this.#quiet = isNews ? 0 : (this.#quiet + 1) % quietReports
    return isNews || this.#quiet === 0
  }

  #toReport(): string {
    const { instance, kind, version, profile, host, facts } = this.#options
    const { policyVersion, dropped } = facts()
    const counts = [...this.#counts.values()].flat()
    this.#counts = new Map()
    this.#size = 0
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

const classes = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"]

function classOf(status: number | null): string {
  return (status !== null && status >= 100 && classes[Math.floor(status / 100)]) || "none"
}

/** Both begin with their date and hour. */
function isWithin(occurredAt: string, hour: string): boolean {
  for (let at = 12; at >= 0; at -= 1) if (occurredAt.charCodeAt(at) !== hour.charCodeAt(at)) return false
  return true
}
