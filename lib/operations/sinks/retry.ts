import { retryDeadLetters as askForAnotherTry } from "@/lib/delivery/sinks/dead-letters"
import { AppError } from "@/lib/errors"
import { operation } from "@/lib/operations/core/operation"
import { retryDeadLettersInput } from "./inputs"
import { nameOfSink } from "./read"

/** Asks for another try of events that a sink has refused. They are sent at once, or when a paused sink is resumed. */
export const retryDeadLetters = operation({
  name: "sink.retry_dead_letters",
  summary: "Sends events that a sink has refused once more.",
  permission: "SINK-MANAGEMENT",
  effect: "write",
  input: retryDeadLettersInput,
  run: async (context, { id, indexes }) => {
    const { tx, organization, caller } = context
    const { name } = await nameOfSink(tx, context, id)
    const sink = { sinkId: id, organizationId: organization.id }
    const retried = await askForAnotherTry(tx, sink, indexes ?? null, caller.at)
    if (retried === 0 && indexes !== undefined)
      throw new AppError("not-found", "None of these events is refused any more.")
    return {
      value: { retried },
      event: {
        targets: [{ type: "sink", id, name }],
        description: `Refused events are sent to the sink ${name} once more.`,
        metadata: { retried },
      },
    }
  },
})
