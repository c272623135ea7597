import { recordedCallIn } from "@/lib/audit/capture/recorded-call"
import type { AuditEvent, Http } from "@/lib/audit/event/event"
import { CapturedCall } from "./captured-call"
import { Fact, FactGroup } from "./fact"
import { Nothing } from "./nothing"
import type { ShownEvent } from "./shown-event"

const numbers = new Intl.NumberFormat("en")

/** The request of the event: its ids, its HTTP data, and what was recorded of it. */
export function RequestFacts({ shown }: { readonly shown: ShownEvent }) {
  const { event } = shown
  const call = recordedCallIn(event.metadata)
  if (!event.requestId && !event.traceId && !event.http && call === null) {
    return <Nothing>This event says nothing of a request.</Nothing>
  }
  return (
    <div className="grid gap-5">
      <Correlation event={event} />
      {event.http ? <HttpFacts http={event.http} /> : null}
      {call === null ? null : <CapturedCall call={call} />}
    </div>
  )
}

function Correlation({ event }: { readonly event: AuditEvent }) {
  const { requestId, traceId } = event
  if (!requestId && !traceId) return null
  return (
    <FactGroup title="Correlation">
      {requestId ? (
        <Fact label="Request id" value={requestId} filter={{ field: "request", value: requestId }} data />
      ) : null}
      {traceId ? <Fact label="Trace id" value={traceId} data /> : null}
    </FactGroup>
  )
}

function HttpFacts({ http }: { readonly http: Http }) {
  const { method, path, route, status, durationMs, requestBytes, responseBytes } = http
  return (
    <FactGroup title="HTTP">
      {method ? <Fact label="Method" value={method} data /> : null}
      {path ? <Fact label="Path" value={path} data /> : null}
      {route ? <Fact label="Route" value={route} data /> : null}
      {status === undefined ? null : <Fact label="Status" value={String(status)} data />}
      <Measure label="Duration" value={durationMs} unit="ms" />
      <Measure label="Request size" value={requestBytes} unit="bytes" />
      <Measure label="Response size" value={responseBytes} unit="bytes" />
    </FactGroup>
  )
}

interface MeasureProps {
  readonly label: string
  readonly value: number | undefined
  readonly unit: string
}

function Measure({ label, value, unit }: MeasureProps) {
  if (value === undefined) return null
  return (
    <Fact label={label} value={String(value)}>
      {numbers.format(value)} {unit}
    </Fact>
  )
}
