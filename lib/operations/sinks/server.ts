import type { Context } from "@/lib/operations/core/operation"
import type { AnySinkKind } from "@/lib/sinks/kinds"
import { type ServerSink, serverSink } from "@/lib/sinks/server-sink"
import { type AnswerParts, destinationOf, followerOf, progressOfSink } from "./answer"
import type { SinkAnswer } from "./answers"
import { stateOf } from "./state"

/** Returns the sink that the environment makes, if it makes one. */
export function serverSinkOf({ env }: Pick<Context, "env">): ServerSink | null {
  return serverSink(env.capture.adapter)
}

/** Returns that sink as administrators see it: read only. */
export function serverSinkAnswer(
  sink: ServerSink,
  kinds: readonly AnySinkKind[],
  parts: Pick<AnswerParts, "cursors" | "deadLetters" | "at">,
): SinkAnswer {
  const kind = kinds.find(({ name }) => name === sink.kind)
  const { id, name, settings, format, setBy } = sink
  return {
    ...{ id, name, kind: sink.kind, settings, format, setBy },
    kindLabel: kind?.label ?? sink.kind,
    destination: destinationOf(kind, sink),
    credentials: [],
    credentialsSetAt: null,
    credentialsSetBy: null,
    query: "",
    redactIdentity: false,
    omit: [],
    version: 1,
    state: stateOf(null, followerOf(parts.cursors)),
    pausedReason: null,
    pausedAt: null,
    isServer: true,
    createdAt: null,
    createdBy: null,
    ...progressOfSink(parts),
  }
}
