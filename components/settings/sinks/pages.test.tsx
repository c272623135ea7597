import { renderToStaticMarkup } from "react-dom/server"
import { expect, test } from "vitest"
import { sinkKinds } from "@/lib/sinks/kinds"
import { CredentialFields } from "./credential-fields"
import { Deliveries } from "./deliveries"
import { delivery, failing, kind, progress, serverSink, sink } from "./fixtures/sink"
import { KindList } from "./kind-list"
import { Overview } from "./overview"
import { SettingInput } from "./setting-field"
import { SinksTable } from "./sinks-table"
import { troublesOf } from "./trouble"
import { TroubleBanner } from "./trouble-banner"
import { NoticeAt } from "./trouble-notice"

const now = new Date("2026-11-30T10:00:00.000Z")
const noLosses = { instances: 0, dropped: 0 }

test("the list has kind, state in a word, lag in events and time, last success and last error", () => {
  const markup = renderToStaticMarkup(
    <SinksTable slug="acme" sinks={[{ ...sink, state: "failing", progress: failing, deadLetters: 3 }]} />,
  )
  for (const words of [
    "Splunk (HTTP Event Collector)",
    "splunk.example.com:8088",
    "Failing",
    "1,204 events, 1 h",
    "3 refused",
    "2026-11-30 10:00 UTC",
    "503 Service Unavailable",
  ]) {
    expect(markup).toContain(words)
  }
  expect(renderToStaticMarkup(<SinksTable slug="acme" sinks={[]} />)).toContain("Events stay here only")
})

test("the sink of the environment is marked as such in the list", () => {
  expect(renderToStaticMarkup(<SinksTable slug="acme" sinks={[serverSink]} />)).toContain(
    "Set by the environment",
  )
  expect(renderToStaticMarkup(<SinksTable slug="acme" sinks={[sink]} />)).not.toContain(
    "Set by the environment",
  )
})

test("a banner names the sinks that fail and the calls that were lost, and is absent while all is well", () => {
  const banner = (sinks: readonly (typeof sink)[], losses = noLosses) =>
    renderToStaticMarkup(<TroubleBanner slug="acme" sinks={sinks} losses={losses} now={now} />)
  expect(banner([sink])).toBe("")
  expect(banner([{ ...sink, state: "failing", progress: failing }])).toContain("Copies do not arrive")
  expect(banner([sink], { instances: 2, dropped: 40 })).toContain("2 producers could not record 40 calls")
  expect(banner([{ ...sink, progress: { ...progress, missed: 1 } }])).toContain("Some events did not arrive")
})

test("the other pages of Settings name the sinks that need a look, and say nothing while all is well", () => {
  const settings = "/acme/admin/settings"
  const notice = (sinks: readonly (typeof sink)[], page = "/apps") =>
    renderToStaticMarkup(
      <NoticeAt slug="acme" troubles={troublesOf(sinks, now)} pathname={`${settings}${page}`} />,
    )
  const broken = { ...sink, state: "failing", progress: failing } as const
  expect(notice([sink])).toBe("")
  expect(notice([broken])).toContain("Copies do not arrive")
  expect(notice([broken])).toContain(`${settings}/sinks/${sink.id}`)
  expect(notice([{ ...sink, progress: { ...progress, missed: 1 } }])).toContain("Some events did not arrive")
  expect([notice([broken], "/sinks"), notice([broken], `/sinks/${sink.id}/edit`)]).toEqual(["", ""])
})

test("events that expired before they were sent are shown, and what the receiver's answer proves", () => {
  const markup = renderToStaticMarkup(
    <Overview
      slug="acme"
      sink={{ ...sink, query: "status=denied", omit: ["metadata"], progress: { ...progress, missed: 4 } }}
      kind={kind}
      omittable={[{ name: "metadata", label: "Metadata" }]}
      now={now}
    />,
  )
  for (const words of [
    "Expired before it was sent",
    "4 events",
    kind.proof,
    "Status is denied",
    "Metadata",
    "Token: set, never shown",
    "Ada Lovelace",
  ]) {
    expect(markup).toContain(words)
  }
})

test("an input of a credential never has its value, and says that it is set, by whom and when", () => {
  const markup = renderToStaticMarkup(<CredentialFields kind={kind} sink={sink} wrong={{}} />)
  expect(markup).toContain("Set by Ada Lovelace on")
  const inputs = [...markup.matchAll(/<input[^>]*type="password"[^>]*>/g)].map(([tag]) => tag)
  expect(inputs).toHaveLength(2)
  for (const tag of inputs) expect(tag).not.toMatch(/ value="[^"]/)
  // A stored one may stay; a missing one has to be entered.
  expect(inputs[0]).not.toContain("required")
  const asNew = renderToStaticMarkup(<CredentialFields kind={kind} sink={null} wrong={{}} />)
  expect(asNew).toMatch(
    /<input[^>]*required[^>]*name="credentials\/token"|name="credentials\/token"[^>]*required/,
  )
})

test("every way of asking for a setting has a label, its help, its value and its fault", () => {
  for (const field of kind.fields) {
    const markup = renderToStaticMarkup(
      <SettingInput field={field} saved={sink.settings[field.name]} isNew={false} error="Not this." />,
    )
    expect(markup, field.name).toContain(field.label)
    expect(markup, field.name).toContain(`name="settings/${field.name}"`)
    expect(markup, field.name).toContain("Not this.")
    expect(markup, field.name).toContain('aria-invalid="true"')
    if (field.help) expect(markup).toContain(field.help)
  }
  const [url, , batch] = kind.fields
  if (!url || !batch) throw new Error("The sample kind has lost its fields.")
  const shown = (field: typeof url, isNew: boolean) =>
    renderToStaticMarkup(
      <SettingInput
        field={field}
        saved={isNew ? undefined : sink.settings[field.name]}
        isNew={isNew}
        error={undefined}
      />,
    )
  expect(shown(url, false)).toContain('value="https://splunk.example.com:8088"')
  // What a new sink begins with is not put into one that was saved without it.
  expect(shown(batch, true)).toContain('value="500"')
  expect(shown(batch, false)).not.toContain('value="500"')
})

test("a receipt says when, what, how much, how long and what was answered; the day is summed up", () => {
  const answer = "mapping failed ".repeat(20)
  const markup = renderToStaticMarkup(
    <Deliveries
      deliveries={[
        delivery,
        { ...delivery, id: "2", outcome: "partly", taken: 449, refused: 1, answer, isReplay: true },
      ]}
      next="2026-11-30T10:00:00.000Z_x"
      day={{ attempts: 2, failed: 1, taken: 899, refused: 1, bytes: 1_024_000 }}
      path="/acme/admin/settings/sinks/1/deliveries"
      isTroubledOnly={false}
      isLaterPage={false}
    />,
  )
  for (const words of [
    "In the last 24 hours: 2 attempts, 1 not taken or in part; 899 events taken; 1 refused; 1.0 MB.",
    "0 to 499",
    "450 of 450",
    "84 ms",
    "200 OK",
    "Partly taken",
    "Replay",
    answer.trim(),
    "before=2026-11-30T10%3A00%3A00.000Z_x",
  ]) {
    expect(markup).toContain(words)
  }
})

test("standard output comes first and is recommended, as ClearML does", () => {
  const kinds = sinkKinds.map(({ name, label, summary }) => ({ ...kind, kind: name, label, summary }))
  const markup = renderToStaticMarkup(<KindList slug="acme" kinds={kinds} />)
  const [first, ...others] = markup.split("<li ").slice(1)
  expect(first).toContain("new?kind=stdout")
  expect(first).toContain("Recommended")
  expect(others.join("")).not.toContain("Recommended")
})
