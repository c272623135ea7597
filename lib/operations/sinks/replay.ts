import { progressOf } from "@/lib/delivery/sinks/progress"
import { beginReplay } from "@/lib/delivery/sinks/replays"
import { AppError } from "@/lib/errors"
import { invalidInput } from "@/lib/operations/core/input"
import { operation } from "@/lib/operations/core/operation"
import { nameOf } from "./create"
import { replayInput } from "./inputs"
import { resolveRange } from "./range"
import { readAnswer, sinkToChange } from "./read"

const mostReplays = 5

/** Sends a part of the log once more, beside what is new. Throws AppError `invalid` for a range that cannot be, or is not confirmed. */
export const replaySink = operation({
  name: "sink.replay",
  summary: "Sends a part of the log to a sink once more.",
  permission: "SINK-MANAGEMENT",
  effect: "write",
  input: replayInput,
  run: async (context, { id, range, confirmed }) => {
    const { tx, organization, caller } = context
    const { name, pausedAt } = await sinkToChange(context, id)
    const { first, past, events, needsConfirmation } = await resolveRange(tx, range)
    if (needsConfirmation && !confirmed) {
      const message = `is required: these are ${events} events`
      throw invalidInput([{ pointer: "/confirmed", message }])
    }
    const sink = { sinkId: id, organizationId: organization.id }
    const open = (await progressOf(tx, sink, caller.at)).filter(
      each => each.isReplay && each.endedAt === null,
    )
    if (open.length >= mostReplays)
      throw new AppError("conflict", `${mostReplays} replays of the sink ${name} are running already.`)
    const replay = { first, past, by: nameOf(caller.principal) }
    const replayId = await beginReplay(tx, sink, replay, { at: caller.at, isPaused: pausedAt !== null })
    return {
      value: await readAnswer(tx, context, id),
      event: {
        targets: [{ type: "sink", id, name }],
        description: `A replay to the sink ${name} was started.`,
        details: [`It sends the events ${first} to ${past - 1} once more.`],
        metadata: { replayId, first, past },
      },
    }
  },
})
