import type { RecordedCall } from "@/lib/audit/capture/recorded-call"
import type { JsonValue } from "@/lib/audit/json/value"
import { levelWord, partWords, profileWord, reasonWords } from "./call-words"
import { Fact, FactGroup } from "./fact"
import { JsonBlock } from "./json-block"

const numbers = new Intl.NumberFormat("en")

/** A recorded call: its name in its own system, what decided about it, its content, and what of it is not recorded. */
export function CapturedCall({ call }: { readonly call: RecordedCall }) {
  return (
    <>
      <CaptureFacts call={call} />
      <Content title="Query" value={call.query} copyLabel="Copy the query" />
      <Content title="Request body" value={call.request} copyLabel="Copy the request body" />
      <Content title="Response body" value={call.response} copyLabel="Copy the response body" />
      <Content title="Request headers" value={call.requestHeaders} copyLabel="Copy the request headers" />
      <Content title="Response headers" value={call.responseHeaders} copyLabel="Copy the response headers" />
      <NotRecorded call={call} />
    </>
  )
}

function CaptureFacts({ call }: { readonly call: RecordedCall }) {
  const { endpoint, version, profile, level, rule, policyVersion, licenseKey, state } = call
  return (
    <FactGroup title="Recorded call">
      <Fact label="Endpoint" value={endpoint} data />
      {version === undefined ? null : <Fact label="API version" value={version} data />}
      <Fact label="API" value={profileWord(profile)} />
      <Fact label="Level" value={levelWord(level)} />
      <Fact label="Decided by" value={rule === null ? "The default of the policy" : `Rule “${rule}”`} />
      <Fact
        label="Policy version"
        value={policyVersion === null ? "None: no policy had been fetched yet" : String(policyVersion)}
        data={policyVersion !== null}
      />
      {licenseKey === undefined ? null : <Fact label="License key" value={licenseKey} data />}
      {state === undefined ? null : (
        <Fact
          label="State"
          value={
            state === "opened"
              ? "Opened: a second event follows when it closes"
              : "Closed: an earlier event says when it opened"
          }
        />
      )}
    </FactGroup>
  )
}

interface ContentProps {
  readonly title: string
  readonly value: JsonValue | undefined
  readonly copyLabel: string
}

function Content({ title, value, copyLabel }: ContentProps) {
  if (value === undefined) return null
  return (
    <section className="grid gap-1.5">
      <h3 className="text-sm font-semibold">{title}</h3>
      <JsonBlock value={value} label={title} copyLabel={copyLabel} />
    </section>
  )
}

function NotRecorded({ call: { withheld } }: { readonly call: RecordedCall }) {
  if (withheld.length === 0) return null
  return (
    <FactGroup title="Not recorded">
      {withheld.map(({ part, why, bytes }, index) => (
        <Fact
          // biome-ignore lint/suspicious/noArrayIndexKey: what an event says never changes
          key={index}
          label={partWords(part)}
          value={
            bytes === undefined
              ? reasonWords({ why })
              : `${reasonWords({ why })} (${numbers.format(bytes)} bytes)`
          }
        />
      ))}
    </FactGroup>
  )
}
