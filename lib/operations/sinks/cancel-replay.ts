import { cancelReplay as endReplay } from "@/lib/delivery/sinks/replays"
import { AppError } from "@/lib/errors"
import { operation } from "@/lib/operations/core/operation"
import { cancelReplayInput } from "./inputs"
import { readAnswer, sinkToChange } from "./read"

/** Ends a replay before it has sent everything. */
export const cancelReplay = operation({
  name: "sink.cancel_replay",
  summary: "Ends a replay before it has sent everything.",
  permission: "SINK-MANAGEMENT",
  effect: "write",
  input: cancelReplayInput,
  run: async (context, { id, replayId }) => {
    const { tx, organization, caller } = context
    const { name } = await sinkToChange(context, id)
    const sink = { sinkId: id, organizationId: organization.id }
    if (!(await endReplay(tx, sink, replayId, caller.at)))
      throw new AppError("not-found", "There is no such replay, or it has ended.")
    return {
      value: await readAnswer(tx, context, id),
      event: {
        targets: [{ type: "sink", id, name }],
        description: `A replay to the sink ${name} was canceled.`,
        metadata: { replayId },
      },
    }
  },
})
