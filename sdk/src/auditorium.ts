import type { EventInput } from "@/lib/audit/event/input"
import { closeAll, connect, standardConnection } from "./connection"
import { nodePlatform } from "./node-platform"
import type { ConnectionOptions } from "./options"
import type { RecordResult } from "./outcome"

export type { ActorInput, EventInput } from "@/lib/audit/event/input"
export type { CaptureOptions, ConnectionOptions } from "./options"
export type { RecordResult } from "./outcome"

/** Records an event. Resolves when the server has it, or it is clear what becomes of it. Never rejects. */
export async function record(event: EventInput, options?: ConnectionOptions): Promise<RecordResult> {
  const connection =
    options === undefined ? standardConnection(nodePlatform) : connect(options, nodePlatform, "record")
  return connection?.recorder("generic").record(event) ?? { id: event.id ?? "", outcome: "lost" }
}

/** Sends what is waiting, in at most so many milliseconds, and keeps the rest on disk for the next start. */
export function close(limitMs = 5_000): Promise<void> {
  return closeAll(limitMs)
}
