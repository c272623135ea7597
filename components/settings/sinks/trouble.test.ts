import { expect, test } from "vitest"
import { failing, progress, sink } from "./fixtures/sink"
import { troublesOf } from "./trouble"

const now = new Date("2026-11-30T09:30:00.000Z")

const told = (part: Partial<typeof sink>, at = now) => troublesOf([{ ...sink, ...part }], at)

test("a sink that has failed for 30 minutes is told about, and a shorter failure is not", () => {
  expect(told({ state: "failing", progress: failing })).toMatchObject([
    { tone: "failure", words: expect.stringContaining("failed for 30 min, and 1,204 events wait") },
  ])
  const earlier = new Date(now.getTime() - 1000)
  expect(told({ state: "failing", progress: failing }, earlier)).toEqual([])
})

test("what somebody must change is told at once, and what an administrator has paused is not", () => {
  expect(told({ state: "misconfigured" })).toHaveLength(1)
  for (const pausedReason of ["gone", "credentials", "dead-letters"] as const) {
    expect(told({ state: "paused", pausedReason }), pausedReason).toHaveLength(1)
  }
  expect(told({ state: "paused", pausedReason: "person" })).toEqual([])
})

test("events that expired or are refused are told as a warning, after the failures", () => {
  const sinks = [
    { ...sink, name: "Warns", deadLetters: 1, progress: { ...progress, missed: 2 } },
    { ...sink, name: "Fails", state: "misconfigured" as const },
  ]
  expect(troublesOf(sinks, now)).toMatchObject([
    { name: "Fails", tone: "failure" },
    {
      name: "Warns",
      tone: "warning",
      words: "2 events expired before they could be sent. 1 event is refused.",
    },
  ])
  expect(told({})).toEqual([])
})
