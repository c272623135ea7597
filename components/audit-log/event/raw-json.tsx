import type { JsonValue } from "@/lib/audit/json/value"
import { JsonBlock, TextBlock } from "./json-block"
import { readOriginal, type ShownEvent } from "./shown-event"

/** The event as the API returns it and, for an imported one, its original record. */
export function RawJson({ shown }: { readonly shown: ShownEvent }) {
  const { event, raw } = shown
  return (
    <div className="grid gap-5">
      <section className="grid gap-1.5">
        <h3 className="text-sm font-semibold">Event</h3>
        <JsonBlock value={asJson(event)} label="Event as JSON" copyLabel="Copy the event" />
      </section>
      {raw === null ? null : <Original format={event.rawFormat ?? "unknown format"} base64={raw} />}
      {event.rawWithheld ? (
        <p className="text-sm text-muted-foreground">
          The original record was not kept: {event.rawWithheld}.
        </p>
      ) : null}
    </div>
  )
}

function Original({ format, base64 }: { readonly format: string; readonly base64: string }) {
  const text = readOriginal(base64)
  return (
    <section className="grid gap-1.5">
      <h3 className="text-sm font-semibold">
        Original record ({format}
        {text === null ? ", not text: in base64" : ""})
      </h3>
      <TextBlock text={text ?? base64} label="Original record" copyLabel="Copy the original record" />
    </section>
  )
}

/** An event contains only JSON values; absent members stay absent. */
function asJson(event: ShownEvent["event"]): JsonValue {
  return JSON.parse(JSON.stringify(event)) as JsonValue
}
