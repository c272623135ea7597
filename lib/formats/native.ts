import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { AppError } from "@/lib/errors"
import { arrayElements } from "@/lib/formats/elements"
import { isObject, objectOf, parseForeignJson, present } from "@/lib/formats/foreign-json"
import type { Format } from "@/lib/formats/format"

/** Our own events: what the API accepts goes through untouched, what the JSON Lines export wrote becomes what was sent. */
export const native: Format = {
  name: "auditorium",
  recognises: value => {
    const first = Array.isArray(value) ? value[0] : value
    return isObject(first) && "operation" in first && "status" in first && "actor" in first
  },
  *read(text) {
    const events = text.trimStart().startsWith("[") ? arrayElements(text, null) : [text.trim()]
    let number = 0
    for (const event of events) {
      number++
      const value = parseForeignJson(event)
      if (!isObject(value)) throw new AppError("invalid", `Event ${number} is not an object.`)
      yield {
        position: `event ${number}`,
        event: "leafHash" in value ? JSON.stringify(asSent(value)) : event,
      }
    }
  },
}

/** Takes away what the server had added, and says the source the way a producer says it. */
function asSent(exported: JsonObject): JsonObject {
  const {
    organizationId: _organization,
    appId: _app,
    receivedAt: _received,
    index: _index,
    leafHash: _leaf,
    occurredAtText,
    occurredAtAssumed,
    source,
    ...sent
  } = exported
  const occurredAt: JsonValue | undefined =
    occurredAtAssumed === "received" ? undefined : (occurredAtText ?? sent.occurredAt)
  return present({ ...sent, occurredAt, source: isObject(source) ? sourceAsSent(source) : undefined })
}

function sourceAsSent(source: JsonObject): JsonObject {
  const { ipText, ip: _ip, ...rest } = objectOf(source)
  return present({ ip: ipText, ...rest })
}
