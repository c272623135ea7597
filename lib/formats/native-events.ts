import { scanJson } from "@/lib/audit/json/scan"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { isObject } from "@/lib/audit/json/value"
import { present } from "./foreign-json"
import type { RecordIds } from "./format"

/** Returns the text of an event as it is sent: untouched but for an id, or, of an export, what was sent first. */
export function asSent(event: JsonObject, text: string, ids: RecordIds): string {
  if (isExported(event)) return JSON.stringify(withoutServersPart(event))
  return isMissing(event.id) ? withId(ids.fromRaw(text), text, event) : text
}

function isMissing(value: JsonValue | undefined): boolean {
  return value === undefined || value === null
}

function isExported(event: JsonObject): boolean {
  return "leafHash" in event && "receivedAt" in event
}

/**
 * Adds the id to the text, which otherwise stays unchanged: the API checks its content, and parsing and writing it again
 * would hide a duplicate key or a number that loses digits.
 */
function withId(id: string, text: string, event: JsonObject): string {
  if ("id" in event) return scanJson(text).faults.length === 0 ? JSON.stringify({ ...event, id }) : text
  const members = text.slice(text.indexOf("{") + 1)
  return `{"id":"${id}"${Object.keys(event).length === 0 ? "" : ","}${members}`
}

/** Takes away what the server had added, and says time and origin the way a producer says them. */
function withoutServersPart(exported: JsonObject): JsonObject {
  const {
    organizationId: _organization,
    appId: _app,
    index: _index,
    leafHash: _leaf,
    receivedAt: _received,
    occurredAt,
    occurredAtText,
    occurredAtAssumed,
    source,
    ...sent
  } = exported
  return present({
    ...sent,
    ...timeAsSent(sent, { occurredAt, occurredAtText, occurredAtAssumed }),
    source: isObject(source) ? sourceAsSent(source) : undefined,
    rawWithheld: withheldReason(sent),
  })
}

type Time = Readonly<Record<"occurredAt" | "occurredAtText" | "occurredAtAssumed", JsonValue | undefined>>

/** Without a time of its own the event occurred when it was received, and that was at the first server. */
function timeAsSent({ rawFormat }: JsonObject, time: Time): Partial<Time> {
  const { occurredAt, occurredAtText, occurredAtAssumed } = time
  if (rawFormat === undefined || occurredAtAssumed === "received")
    return { occurredAt: occurredAtText ?? occurredAt }
  return time
}

function withheldReason({ raw, rawFormat, rawWithheld }: JsonObject): JsonValue | undefined {
  if (rawFormat === undefined || raw !== undefined) return rawWithheld
  return rawWithheld ?? "The export that this event was read from does not hold the original bytes."
}

function sourceAsSent(source: JsonObject): JsonObject {
  const { ipText, ip: _ip, ...others } = source
  return present({ ip: ipText, ...others })
}
