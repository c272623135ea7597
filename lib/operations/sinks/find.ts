import { z } from "zod"
import { operation } from "@/lib/operations/core/operation"
import type { SinkAnswer } from "./answers"
import { sinkId } from "./inputs"
import { readAnswer } from "./read"

/** Finds one sink. */
export const findSink = operation({
  name: "sink.find",
  summary: "Finds one sink, with how far it is and its replays.",
  permission: "SINK-MANAGEMENT",
  effect: "read",
  input: z.strictObject({ id: sinkId }),
  run: async (context, { id }): Promise<SinkAnswer> => context.read(({ tx }) => readAnswer(tx, context, id)),
})
