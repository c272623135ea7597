import { Buffer } from "node:buffer"
import type { KeptConnections } from "@/lib/outbound/kept"
import {
  type Outbound,
  type OutboundAnswer,
  OutboundError,
  type OutboundRequest,
} from "@/lib/outbound/outbound"
import { retryAfter, sendHttp } from "@/lib/sinks/http"
import { type Batch, type ItemResult, type OutgoingEvent, SinkError, type Written } from "@/lib/sinks/sink"
import { suffixedIndex } from "@/lib/sinks/suffix"
import { type Judgement, judgeBulk, judgeDocument, resultOf } from "./judge"
import type { ElasticsearchSettings } from "./settings"

/** What a connection to a cluster knows. */
export interface Cluster {
  readonly settings: ElasticsearchSettings
  readonly authorization: string | null
  /** What an answer must not repeat. */
  readonly secrets: readonly string[]
  readonly outbound: Outbound
  readonly keep: KeptConnections
  readonly now: () => Date
  /** Which of the addresses answered last. */
  node: number
  /** Whether the cluster has answered since the connection was opened. */
  isReached: boolean
}

/** Only what is judged: with everything, an answer about 500 events is larger than what is read of it. */
const answered =
  "filter_path=errors,error,status,items.*._id,items.*.status,items.*.error.type,items.*.error.reason"

/** Returns the index of an event: a later repetition goes to the same one. */
export function indexFor({ index, suffix }: ElasticsearchSettings, { event }: OutgoingEvent): string {
  return suffixedIndex(index, suffix, event.occurredAt)
}

/** Returns the body of a bulk write: two lines for each event, each ended by a line break. */
export function bulkBody(settings: ElasticsearchSettings, events: readonly OutgoingEvent[]): string {
  return events
    .map(event => {
      const create = { _index: indexFor(settings, event), _id: event.documentId }
      return `${JSON.stringify({ create })}\n${event.line}\n`
    })
    .join("")
}

/**
 * Writes the batch with as few requests as the answers allow: of an answer that is too large to be read whole, what was read
 * counts, and the other events are sent again.
 */
export async function writeBulk(cluster: Cluster, batch: Batch, signal: AbortSignal): Promise<Written> {
  const outcome = new Outcome(batch.events)
  const stopAt = cluster.now().getTime() + 2 * timeoutMs(cluster.settings)
  for (;;) {
    const waiting = outcome.waiting()
    const body = bulkBody(cluster.settings, waiting)
    const request = { method: "POST", body, headers: { "content-type": "application/x-ndjson" } } as const
    const answer = await outcome.answered(send(cluster, `/_bulk?${answered}`, request, signal))
    if (answer === null) break
    const ids = waiting.map(event => event.documentId)
    const judged = judgeBulk(answer, ids, cluster.secrets)
    const isSize = answer.status === 413
    outcome.pauseMs = retryAfter(answer.headers["retry-after"], cluster.now())
    // A refusal of everything may mean one event. Who sent the batch halves it, but only when it is the whole.
    const isPart =
      "whole" in judged &&
      judged.whole !== "taken" &&
      "refused" in judged.whole &&
      waiting.length < batch.events.length
    for (const [position, event] of waiting.entries()) {
      const judgement = "whole" in judged ? judged.whole : (judged.items[position] ?? null)
      if (judgement !== null && !isPart)
        outcome.judge(event, isSize ? tooLarge(event, body, waiting.length) : judgement)
    }
    const left = outcome.waiting().length
    const isWorthwhile = answer.isCut && left > 0 && left < waiting.length
    if (!isWorthwhile || cluster.now().getTime() > stopAt) break
  }
  return outcome.written("The answer does not say whether it was stored")
}

/** Writes one event after another, until one has to wait. */
export async function writeOneByOne(cluster: Cluster, batch: Batch, signal: AbortSignal): Promise<Written> {
  const outcome = new Outcome(batch.events)
  for (const event of batch.events) {
    const path = `/${encodeURIComponent(indexFor(cluster.settings, event))}/_create/${encodeURIComponent(event.documentId)}`
    const request = {
      method: "PUT",
      body: event.line,
      headers: { "content-type": "application/json" },
    } as const
    const answer = await outcome.answered(send(cluster, path, request, signal))
    if (answer === null) break
    outcome.pauseMs = retryAfter(answer.headers["retry-after"], cluster.now())
    const judgement =
      answer.status === 413 ? tooLarge(event, event.line, 1) : judgeDocument(answer, cluster.secrets)
    outcome.judge(event, judgement)
    if (judgement !== "taken" && "retry" in judgement) break
  }
  return outcome.written("It was not sent, because one before it has to wait")
}

function tooLarge(event: OutgoingEvent, body: string, count: number): Judgement {
  const size = Buffer.byteLength(event.line)
  const request = Buffer.byteLength(body)
  return {
    refused: `Answered 413: the receiver accepts less than this request of ${request} bytes (${count} events; this one has ${size} bytes)`,
  }
}

function timeoutMs({ bulkWriteTimeoutSeconds }: ElasticsearchSettings): number {
  return Math.max(bulkWriteTimeoutSeconds, 1) * 1_000
}

async function send(
  cluster: Cluster,
  path: string,
  request: Pick<OutboundRequest, "method" | "body"> & { readonly headers: Readonly<Record<string, string>> },
  signal: AbortSignal,
): Promise<OutboundAnswer> {
  const { settings, authorization, outbound, keep } = cluster
  const nodes = [settings.url, ...settings.otherUrls]
  for (let tried = 1; ; tried += 1) {
    try {
      const answer = await sendHttp(outbound, {
        ...request,
        url: `${nodes[cluster.node]}${path}`,
        headers: {
          ...request.headers,
          accept: "application/json",
          ...(authorization !== null && { authorization }),
        },
        ...(settings.ca !== undefined && { ca: settings.ca }),
        timeoutMs: timeoutMs(settings),
        signal,
        keep,
      })
      cluster.isReached ||= ![502, 503, 504].includes(answer.status)
      return answer
    } catch (error) {
      cluster.node = (cluster.node + 1) % nodes.length
      if (!isUnreachable(error) || tried >= nodes.length) throw beforeReached(cluster, error)
    }
  }
}

function isUnreachable(error: unknown): boolean {
  return (
    error instanceof SinkError &&
    error.cause instanceof OutboundError &&
    error.cause.trouble === "unreachable"
  )
}

/** A cluster that has not answered yet is left alone for longer than one that fails now and then. */
function beforeReached({ isReached, settings }: Cluster, error: unknown): unknown {
  if (isReached || !(error instanceof SinkError) || error.trouble !== "later") return error
  return new SinkError("later", error.message, {
    cause: error.cause,
    retryAfterMs: Math.max(error.retryAfterMs ?? 0, settings.initTimeoutSeconds * 1_000),
  })
}

/** What became sure about the events of a batch, over several requests. */
class Outcome {
  pauseMs: number | null = null
  private readonly events: readonly OutgoingEvent[]
  private readonly judged = new Map<OutgoingEvent, Judgement>()
  private failure: unknown = null

  constructor(events: readonly OutgoingEvent[]) {
    this.events = events
  }

  waiting(): readonly OutgoingEvent[] {
    return this.events.filter(event => !this.judged.has(event))
  }

  judge(event: OutgoingEvent, judgement: Judgement): void {
    this.judged.set(event, judgement)
  }

  /** Returns the answer, or null when there is none: what is sure already stays sure. */
  async answered(sending: Promise<OutboundAnswer>): Promise<OutboundAnswer | null> {
    try {
      return await sending
    } catch (error) {
      this.failure = error
      return null
    }
  }

  /** Throws SinkError when nothing at all is sure. */
  written(whenUnknown: string): Written {
    const judgements = this.events.map(event => this.judged.get(event) ?? null)
    const isSure = judgements.some(one => one === "taken" || (one !== null && "refused" in one))
    if (!isSure) throw this.failure ?? this.whole(judgements, whenUnknown)
    if (judgements.every(one => one === "taken")) return { all: "taken" }
    const unknown = this.failure instanceof Error ? this.failure.message : whenUnknown
    return {
      items: judgements.map((one): ItemResult => (one === null ? { retry: unknown } : resultOf(one))),
    }
  }

  private whole(judgements: readonly (Judgement | null)[], whenUnknown: string): SinkError {
    const waiting = judgements.flatMap(one =>
      one !== null && one !== "taken" && "retry" in one ? [one] : [],
    )
    const worst = waiting.find(one => one.trouble !== "later") ?? waiting[0]
    return new SinkError(
      worst?.trouble ?? "later",
      worst?.retry ?? whenUnknown,
      this.pauseMs === null ? {} : { retryAfterMs: this.pauseMs },
    )
  }
}
