import type { Batch, ItemResult, Opening, SinkConnection, SinkKind, Written } from "@/lib/sinks/sink"
import { checkTarget, connectTo } from "@/lib/sinks/target"
import { frameOf } from "./message"
import { sendAndClose } from "./send"
import { type SyslogSettings, syslogFields, syslogSettings } from "./settings"

const mostBytes = 4 * 1024 * 1024
const leastSettleMs = 100
const mostSettleMs = 500

/** Syslog by RFC 5424 over TLS (RFC 5425) or TCP (RFC 6587). */
export const syslog: SinkKind<SyslogSettings> = {
  name: "syslog",
  label: "Syslog (RFC 5424)",
  summary: "Sends to rsyslog, syslog-ng and most SIEMs, over TLS or TCP.",
  settings: syslogSettings,
  fields: syslogFields,
  credentials: [],
  reach: "network",
  order: "strict",
  proof:
    "Syslog has no acknowledgement. A batch counts as taken when the receiver has read to its end and closed the connection; what it does with the messages is not known here. After a break the batch is sent again.",
  formats: ["auditorium", "clearml", "ucp", "cloudevents"],
  boundTo: () => null,
  check: checkTarget,
  batching: ({ batchEvents }) => ({ mostEvents: batchEvents, mostBytes, least: 1, longestWaitMs: 0 }),
  open: async opening => connection(opening),
}

function connection({ settings, outbound }: Opening<SyslogSettings>): SinkConnection {
  return {
    async write(batch: Batch, signal: AbortSignal): Promise<Written> {
      const frames: Uint8Array[] = []
      const items = batch.events.map((outgoing): ItemResult => {
        const frame = frameOf(outgoing, batch.organization, settings)
        if ("tooLarge" in frame) return { refused: tooLargeReason(frame.tooLarge, settings.messageBytes) }
        frames.push(frame)
        return "taken"
      })
      if (frames.length > 0) {
        // Each batch has a connection of its own: its end is the only sign that everything was read.
        const begun = performance.now()
        const socket = await connectTo(outbound, settings, signal)
        // To connect takes a packet to the receiver and back at least.
        const settleMs = Math.min(Math.max(performance.now() - begun, leastSettleMs), mostSettleMs)
        const timeoutMs = settings.closeSeconds * 1000
        await sendAndClose(socket, Buffer.concat(frames), { settleMs, timeoutMs, signal })
      }
      return frames.length === items.length ? { all: "taken" } : { items }
    },
    close: async () => {},
  }
}

function tooLargeReason(bytes: number, most: number): string {
  return `The message has ${bytes} bytes, and the largest of this sink has ${most}. Raise the limit of the receiver (rsyslog: maxMessageSize), then that of the sink.`
}
