import type { Writable } from "node:stream"
import { z } from "zod"
import { leaveStdoutToEntries } from "@/lib/log"
import { onePerProcess } from "@/lib/memory/one-per-process"
import { lineSink } from "./line-sink"
import type { SinkConnection, SinkKind } from "./sink"

const settings = z.strictObject({})

/** ClearML's `raw_log`: entries on the standard output of the worker, from where Kubernetes and others collect them. */
export const stdout: SinkKind<z.output<typeof settings>> = {
  name: "stdout",
  label: "Standard output (raw_log)",
  summary:
    "Writes one line of JSON for each event to the standard output of the worker. Recommended where the platform collects the output of containers.",
  settings,
  fields: [],
  credentials: [],
  reach: "server",
  order: "strict",
  proof:
    "The operating system has taken the lines. Nothing tells whether a collector has read them from there: see its own log.",
  formats: ["auditorium", "clearml", "ucp", "cloudevents"],
  boundTo: () => null,
  check: () => [],
  batching: () => ({ mostEvents: 500, mostBytes: 4 * 1024 * 1024, least: 1, longestWaitMs: 0 }),
  open: async () => {
    leaveStdoutToEntries()
    return onStandardOutput()
  },
}

const patienceMs = 15_000

interface Current {
  value?: { readonly stream: Writable; readonly open: () => SinkConnection }
}

const current = onePerProcess<Current>("sinks.stdout", () => ({}))

/** One for the whole process: sinks of several organizations share the stream, and their lines must not mix. */
function onStandardOutput(): SinkConnection {
  const kept = current()
  if (kept.value?.stream !== process.stdout)
    kept.value = {
      stream: process.stdout,
      open: lineSink(process.stdout, { name: "standard output", patienceMs }),
    }
  return kept.value.open()
}
