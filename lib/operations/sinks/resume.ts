import { z } from "zod"
import { resumeCursors } from "@/lib/delivery/sinks/cursors"
import { AppError } from "@/lib/errors"
import { operation } from "@/lib/operations/core/operation"
import { sinkId } from "./inputs"
import { readAnswer, sinkToChange } from "./read"

/** Lets a paused sink go on where it stopped. */
export const resumeSink = operation({
  name: "sink.resume",
  summary: "Resumes a paused sink: it goes on with the event after the last one that was taken.",
  permission: "SINK-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ id: sinkId }),
  run: async (context, { id }) => {
    const { tx, organization, caller } = context
    const { name, pausedAt } = await sinkToChange(context, id)
    if (pausedAt === null) throw new AppError("conflict", `The sink ${name} is not paused.`)
    await tx.query(
      "UPDATE sink SET paused_at = NULL, paused_reason = NULL WHERE organization_id = $2::uuid AND id = $1::uuid",
      [id, organization.id],
    )
    await resumeCursors(tx, { sinkId: id, organizationId: organization.id }, caller.at)
    return {
      value: await readAnswer(tx, context, id),
      event: {
        targets: [{ type: "sink", id, name }],
        description: `The sink ${name} was resumed.`,
        changes: [{ path: "/pausedAt", before: pausedAt, after: null }],
      },
    }
  },
})
