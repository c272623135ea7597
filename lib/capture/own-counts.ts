import { randomUUID } from "node:crypto"
import { hostname } from "node:os"
import type { CaptureCounts, CountedApp } from "./counts"
import { type CaptureReport, type ReportedCount, reportLimits, type StatusClass } from "./report"

/** A call to the API of this console, as it is counted. */
export interface CountedCall {
  readonly at: Date
  readonly endpoint: string
  readonly method: string
  /** Null: there was no response. */
  readonly status: number | null
  readonly bytesIn: number
  readonly bytesOut: number
  readonly policyVersion: number
}

/** Counts the calls to the API of this process, also those that are not recorded, and reports them as an SDK does. */
export interface OwnCounts {
  add(app: CountedApp, call: CountedCall): void
  /** Counts a call that could not be recorded. */
  addDropped(app: CountedApp): void
  /** Reports what was counted so far. What cannot be reported is kept for the next time. */
  flush(): Promise<void>
}

interface Options {
  readonly version: string
  readonly everyMs?: number
  readonly now?: () => Date
}

/** What is counted for an app. A report that was sent and not answered is sent again as it was, so that it counts once. */
interface Kept {
  readonly app: CountedApp
  readonly counts: Map<string, ReportedCount>
  unanswered: CaptureReport | null
  sequence: number
  dropped: number
  reportedDropped: number
  policyVersion: number | null
}

const standardEveryMs = 30_000
const mostOrganizations = 10_000

/** Returns counts that begin at zero; each process is an instance of its own. */
export function ownCounts(
  counts: CaptureCounts,
  { version, everyMs = standardEveryMs, now = () => new Date() }: Options,
): OwnCounts {
  const self = { instance: randomUUID(), kind: "server", version, profile: "generic", host: hostname() }
  const apps = new Map<string, Kept>()
  let timer: NodeJS.Timeout | undefined

  function keptFor(app: CountedApp): Kept {
    const kept = apps.get(app.organizationId) ?? {
      ...{ app, counts: new Map(), unanswered: null, sequence: 0, policyVersion: null },
      ...{ dropped: 0, reportedDropped: 0 },
    }
    if (apps.size < mostOrganizations) apps.set(app.organizationId, kept)
    timer ??= setTimeout(() => void flush(), everyMs).unref()
    return kept
  }

  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    for (const kept of apps.values()) await report(kept).catch(() => {})
  }

  async function report(kept: Kept): Promise<void> {
    for (;;) {
      kept.unanswered ??= nextReport(kept, self)
      if (kept.unanswered === null) return
      // A report that does not get through is sent again at the next flush.
      timer ??= setTimeout(() => void flush(), everyMs).unref()
      await counts.count(kept.app, kept.unanswered, now())
      kept.unanswered = null
    }
  }

  return {
    add(app, call) {
      const kept = keptFor(app)
      kept.policyVersion = call.policyVersion
      const count = countOf(call)
      const key = JSON.stringify([count.hour.getTime(), count.endpoint, count.method, count.class])
      const before = kept.counts.get(key)
      kept.counts.set(key, before ? sumOf(before, count) : count)
    },
    addDropped(app) {
      keptFor(app).dropped++
    },
    flush,
  }
}

type Self = Pick<CaptureReport, "instance" | "kind" | "version" | "profile" | "host">

/** Takes what was counted out of `kept`, as far as one report has room; null when there is nothing to say. */
function nextReport(kept: Kept, self: Self): CaptureReport | null {
  if (kept.counts.size === 0 && kept.dropped === kept.reportedDropped) return null
  const some = [...kept.counts].slice(0, reportLimits.counts)
  for (const [key] of some) kept.counts.delete(key)
  kept.sequence++
  kept.reportedDropped = kept.dropped
  const { sequence, policyVersion, dropped } = kept
  return { ...self, sequence, policyVersion, dropped, counts: some.map(([, count]) => count) }
}

function countOf({ at, endpoint, method, status, bytesIn, bytesOut }: CountedCall): ReportedCount {
  const hour = new Date(at)
  hour.setUTCMinutes(0, 0, 0)
  return {
    hour,
    endpoint: endpoint.slice(0, reportLimits.endpointCharacters).toWellFormed(),
    method: /^[A-Z]{1,20}$/.test(method) ? method : "other",
    class: classOf(status),
    calls: 1,
    ...{ bytesIn, bytesOut },
  }
}

const classes: readonly StatusClass[] = ["1xx", "2xx", "3xx", "4xx", "5xx"]

function classOf(status: number | null): StatusClass {
  return status === null ? "none" : (classes[Math.floor(status / 100) - 1] ?? "none")
}

function sumOf(one: ReportedCount, other: ReportedCount): ReportedCount {
  return {
    ...one,
    calls: one.calls + other.calls,
    bytesIn: one.bytesIn + other.bytesIn,
    bytesOut: one.bytesOut + other.bytesOut,
  }
}
