import { operation } from "@/lib/operations/core/operation"
import type { SinkRangeAnswer } from "./answers"
import { countRangeInput } from "./inputs"
import { resolveRange } from "./range"
import { nameOfSink } from "./read"

/** Counts what a replay of a range would send, before the query of the sink. */
export const countSinkRange = operation({
  name: "sink.count_range",
  summary: "Counts the events of a range before it is replayed.",
  permission: "SINK-MANAGEMENT",
  effect: "read",
  input: countRangeInput,
  run: async (context, { id, range }): Promise<SinkRangeAnswer> =>
    context.read(async ({ tx }) => {
      await nameOfSink(tx, context, id)
      return resolveRange(tx, range)
    }),
})
