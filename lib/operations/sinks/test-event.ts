import type { AuditEvent } from "@/lib/audit/event/event"
import { instantFromDate } from "@/lib/audit/time/instant"
import type { Caller } from "@/lib/operations/core/operation"
import { actorOf } from "@/lib/operations/core/own-event"

/** A number that no log reaches, so that nothing that is named by numbers is ever mixed up with a test. */
export const testNumber = Number.MAX_SAFE_INTEGER - 1

interface Testing {
  readonly organizationId: string
  readonly sink: { readonly id: string; readonly name: string }
  readonly caller: Caller
  readonly random: () => string
}

/** Returns a made-up event that says of itself that it is a test. It looks like a recorded call, so that every format has something to show. */
export function testEvent({ organizationId, sink, caller, random }: Testing): AuditEvent {
  const at = instantFromDate(caller.at)
  return {
    id: random(),
    organizationId,
    appId: random(),
    occurredAt: at,
    occurredAtAssumed: "none",
    receivedAt: at,
    operation: "sink.test",
    family: "sink",
    description: "A test of this sink: nothing has happened",
    actor: actorOf(caller.principal),
    targets: [{ type: "sink", id: sink.id, name: sink.name }],
    status: "success",
    statusCode: "200",
    statusMessage: "OK",
    ...(caller.source && { source: caller.source }),
    requestId: caller.requestId,
    http: {
      method: "POST",
      path: "/test",
      status: 200,
      durationMs: 11,
      requestBytes: 112,
      responseBytes: 332,
    },
    details: [],
    changes: [],
    metadata: {
      test: true,
      call: { endpoint: "sinks.test", version: "1.0", level: "metadata", profile: "generic" },
    },
    index: testNumber,
    // Not sealed: it is in no log.
    leafHash: "",
  }
}
