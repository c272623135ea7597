import { Buffer } from "node:buffer"
import { randomUUID } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import { keptConnections } from "@/lib/outbound/kept"
import type { OutboundAnswer } from "@/lib/outbound/outbound"
import { sendHttp } from "@/lib/sinks/http"
import { urlFaults } from "@/lib/sinks/settings"
import {
  type Batch,
  type Opening,
  type OutgoingEvent,
  type SinkConnection,
  SinkError,
  type SinkKind,
  type Written,
} from "@/lib/sinks/sink"
import { splunkBody } from "./encode"
import { judge, judgeAck, withoutAckId } from "./judge"
import { Outcome, type Refusal } from "./outcome"
import { type SplunkSettings, splunkCredentials, splunkFields, splunkSettings } from "./settings"

const timeoutMs = 15_000

/** How long an indexer may take, and how often it is asked. */
export interface AckTiming {
  readonly withinMs: number
  readonly everyMs: number
}

/** Splunk's HTTP Event Collector, with and without indexer acknowledgment. */
export const splunk = splunkKind({ withinMs: 120_000, everyMs: 1_000 })

export function splunkKind(timing: AckTiming): SinkKind<SplunkSettings> {
  return {
    name: "splunk",
    label: "Splunk (HTTP Event Collector)",
    summary: "Sends events to the HTTP Event Collector of Splunk.",
    settings: splunkSettings,
    fields: splunkFields,
    credentials: splunkCredentials,
    reach: "network",
    order: "by item",
    proof:
      "Without indexer acknowledgment, the answer proves that Splunk received the events; with it, that they are indexed.",
    formats: ["auditorium", "clearml", "cloudevents", "ucp"],
    boundTo: ({ url }) => new URL(url).host,
    check: ({ url }, outbound) => urlFaults(outbound, "/url", url),
    batching: () => ({ mostEvents: 500, mostBytes: 768 * 1024, least: 1, longestWaitMs: 0 }),
    async open(opening) {
      return new SplunkConnection(opening, timing)
    },
  }
}

class SplunkConnection implements SinkConnection {
  private readonly opening: Opening<SplunkSettings>
  private readonly timing: AckTiming
  private readonly token: string
  /** The ids of acknowledgments belong to a channel. Sinks and replays that run beside each other must not share one. */
  private readonly channel = randomUUID()
  private readonly keep = keptConnections()
  private mayAcknowledge = false

  constructor(opening: Opening<SplunkSettings>, timing: AckTiming) {
    const { token } = opening.credentials
    if (token === undefined) throw new SinkError("credentials", "The token is missing")
    this.opening = opening
    this.timing = timing
    this.token = token
  }

  async write(batch: Batch, signal: AbortSignal): Promise<Written> {
    const { settings } = this.opening
    if (settings.acknowledgment) await this.checkAcknowledgment(signal)
    const outcome = new Outcome(batch.events)
    for (let part = outcome.next(); part !== null; part = outcome.next()) {
      try {
        outcome.judge(part, await this.send(part, signal))
      } catch (error) {
        return outcome.stopped(error)
      }
    }
    return outcome.written()
  }

  async close(): Promise<void> {
    this.keep.close()
  }

  /** Sends some events with one request. Throws SinkError when nothing of them is sure. */
  private async send(events: readonly OutgoingEvent[], signal: AbortSignal): Promise<Refusal | null> {
    const { settings, now } = this.opening
    const body = splunkBody(settings, events)
    const answer = await this.post("/services/collector/event", body, signal)
    const judged = judge(answer, now(), [this.token])
    if (!judged.accepted) return { ...judged, bytes: Buffer.byteLength(body) }
    if (settings.acknowledgment) await this.awaitIndexed(judged.ackId, signal)
    return null
  }

  /** A token without acknowledgment would store the events first, and then never confirm them: they would be sent again and again. */
  private async checkAcknowledgment(signal: AbortSignal): Promise<void> {
    if (this.mayAcknowledge) return
    await this.askFor("0", signal)
    this.mayAcknowledge = true
  }

  private async awaitIndexed(ackId: string | null, signal: AbortSignal): Promise<void> {
    if (ackId === null) throw withoutAckId()
    const { withinMs, everyMs } = this.timing
    for (let waitedMs = 0; waitedMs <= withinMs; waitedMs += everyMs) {
      if (await this.askFor(ackId, signal)) return
      await sleep(everyMs, undefined, { signal }).catch(() => {
        throw new SinkError("later", "Stopped before the events were indexed")
      })
    }
    throw new SinkError(
      "later",
      `Splunk did not confirm within ${withinMs / 1_000} s that the events are indexed`,
    )
  }

  private async askFor(ackId: string, signal: AbortSignal): Promise<boolean> {
    const answer = await this.post("/services/collector/ack", `{"acks":[${ackId}]}`, signal)
    return judgeAck(answer, ackId, this.opening.now(), [this.token])
  }

  private post(path: string, body: string, signal: AbortSignal): Promise<OutboundAnswer> {
    const { settings, outbound } = this.opening
    return sendHttp(outbound, {
      url: `${settings.url}${path}`,
      method: "POST",
      headers: {
        authorization: `Splunk ${this.token}`,
        "content-type": "application/json",
        ...(settings.acknowledgment && { "x-splunk-request-channel": this.channel }),
      },
      body,
      ...(settings.ca !== undefined && { ca: settings.ca }),
      timeoutMs,
      signal,
      keep: this.keep,
    })
  }
}
