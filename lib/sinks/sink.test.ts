import { expect, test, vi } from "vitest"
import { OutboundError } from "@/lib/outbound/outbound"
import { SinkError } from "./sink"

// The platform of a process holds kinds and connections of one copy, and an operation may be in another bundle.
test("an error of a sink or a connection is known as one also when a bundler has loaded its module twice", async () => {
  vi.resetModules()
  const sinks = await import("./sink")
  const outbound = await import("@/lib/outbound/outbound")
  expect(sinks.SinkError).not.toBe(SinkError)
  const failed: unknown = new sinks.SinkError("gone", "No more.")
  const refused: unknown = new outbound.OutboundError("refused", "No.")
  expect([failed instanceof SinkError, refused instanceof OutboundError]).toEqual([true, true])
  expect([failed instanceof OutboundError, refused instanceof SinkError]).toEqual([false, false])
  for (const other of [new Error("x"), { trouble: "gone" }, null, undefined, "text"])
    expect([other instanceof SinkError, other instanceof OutboundError]).toEqual([false, false])
})
