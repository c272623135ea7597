import { execFileSync, spawnSync } from "node:child_process"
import { expect, test } from "vitest"
import type { OrganizationFigures, SinkFigures } from "@/lib/delivery/sinks/figures"
import { metricsText } from "./metrics-text"

const sink: SinkFigures = {
  ...{
    id: "0193b5a6-0000-7000-8000-000000000001",
    name: 'A "quoted" \\ name',
    kind: "webhook",
    isPaused: false,
  },
  ...{
    next: 90,
    failures: 2,
    failed: 7,
    taken: 80,
    missed: 1,
    lastSuccessAt: 1_790_000_000.25,
    oldestAt: 1_790_000_100,
  },
  deadLetters: 3,
}
const acme: OrganizationFigures = {
  ...{ slug: "acme", size: 100, sinks: [sink] },
  producers: [{ app: "billing", instance: "line\nbreak", dropped: 5 }],
}
const telling = { version: "0.1.0", now: 1_790_000_160 }
const linesOf = (figures: readonly OrganizationFigures[]) => metricsText(figures, telling).split("\n")

test("lag is told in events and in the age of the oldest one, and is none when nothing waits", () => {
  const labels = `{organization="acme",sink="A \\"quoted\\" \\\\ name",sink_id="${sink.id}",kind="webhook"}`
  expect(linesOf([acme])).toContain(`auditorium_sink_lag_events${labels} 10`)
  expect(linesOf([acme])).toContain(`auditorium_sink_lag_seconds${labels} 60`)
  const caughtUp = { ...acme, sinks: [{ ...sink, next: 100, oldestAt: null }] }
  expect(linesOf([caughtUp])).toContain(`auditorium_sink_lag_events${labels} 0`)
  expect(linesOf([caughtUp])).toContain(`auditorium_sink_lag_seconds${labels} 0`)
})

test("failures, successes, refused events and what producers lost are told with their organization", () => {
  const text = metricsText([acme], telling)
  expect(text).toMatch(/^auditorium_sink_failures_total\{.*\} 7$/m)
  expect(text).toMatch(/^auditorium_sink_last_success_timestamp_seconds\{.*\} 1790000000.25$/m)
  expect(text).toMatch(/^auditorium_sink_dead_letters\{.*\} 3$/m)
  expect(text).toContain(
    'auditorium_capture_dropped_total{organization="acme",app="billing",instance="line\\nbreak"} 5\n',
  )
  expect(text).toContain('auditorium_events_total{organization="acme"} 100\n')
  expect(text).toContain('auditorium_build_info{version="0.1.0"} 1\n')
})

test("a sink that never took anything has no time of success, and the one of the environment has a name", () => {
  const server = { ...sink, name: null, kind: null, lastSuccessAt: null }
  const text = metricsText([{ ...acme, sinks: [server] }], telling)
  expect(text).not.toContain("last_success")
  expect(text).toContain(`sink="environment",sink_id="${sink.id}"} 10`)
})

test("two sinks of one name in one organization are two series", () => {
  const other = { ...sink, id: "0193b5a6-0000-7000-8000-000000000002" }
  const lines = linesOf([{ ...acme, sinks: [sink, other] }]).filter(
    line => !line.startsWith("#") && line !== "",
  )
  const series = lines.map(line => line.slice(0, line.lastIndexOf(" ")))
  expect(new Set(series).size).toBe(series.length)
})

const promtool = spawnSync("promtool", ["--version"]).status === 0
if (!promtool)
  process.stdout.write("promtool is not installed (apt-get install prometheus): its check is left out\n")

test.skipIf(!promtool)("promtool finds nothing to object to", () => {
  execFileSync("promtool", ["check", "metrics"], {
    input: metricsText([acme], telling),
    stdio: ["pipe", "pipe", "pipe"],
  })
})
