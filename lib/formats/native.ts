import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { arrayElements } from "@/lib/formats/elements"
import { isObject, present } from "@/lib/formats/foreign-json"
import { type Format, tellRecords } from "@/lib/formats/format"

/** Our own events: what the API accepts goes through untouched, what the JSON Lines export wrote becomes what was sent. */
export const native: Format = {
  name: "auditorium",
  recognises: value => {
    const first = Array.isArray(value) ? value[0] : value
    return isObject(first) && "operation" in first && "actor" in first
  },
  *read(text) {
    const events = text.trimStart().startsWith("[") ? arrayElements(text, null) : [text.trim()]
    yield* tellRecords(events, "event", (event, sent) =>
      isExported(event) ? JSON.stringify(asSent(event)) : sent,
    )
  },
}

function isExported(event: JsonObject): boolean {
  return "leafHash" in event && "receivedAt" in event
}

/** Takes away what the server had added, and says time and origin the way a producer says them. */
function asSent(exported: JsonObject): JsonObject {
  const {
    organizationId: _organization,
    appId: _app,
    index: _index,
    leafHash: _leaf,
    receivedAt,
    occurredAtText,
    occurredAtAssumed,
    source,
    ...sent
  } = exported
  return present({
    ...sent,
    // Without a time of its own the event occurred when it was received, and that was at the first server.
    occurredAt: occurredAtAssumed === "received" ? receivedAt : (occurredAtText ?? sent.occurredAt),
    source: isObject(source) ? sourceAsSent(source) : undefined,
    rawWithheld: withheldReason(sent),
  })
}

function withheldReason({ raw, rawFormat, rawWithheld }: JsonObject): JsonValue | undefined {
  if (rawFormat === undefined || raw !== undefined) return rawWithheld
  return rawWithheld ?? "The export that this event was read from does not hold the original bytes."
}

function sourceAsSent(source: JsonObject): JsonObject {
  const { ipText, ip: _ip, ...others } = source
  return present({ ip: ipText, ...others })
}
