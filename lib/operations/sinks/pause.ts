import { z } from "zod"
import { pauseCursors } from "@/lib/delivery/sinks/cursors"
import { AppError } from "@/lib/errors"
import { operation } from "@/lib/operations/core/operation"
import { sinkId } from "./inputs"
import { readAnswer, sinkToChange } from "./read"

/** Stops a sink and its replays until somebody resumes it. It loses nothing: the log is what it goes on from. */
export const pauseSink = operation({
  name: "sink.pause",
  summary: "Pauses a sink: nothing is sent until it is resumed, and nothing is lost.",
  permission: "SINK-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ id: sinkId }),
  run: async (context, { id }) => {
    const { tx, organization, caller } = context
    const { name, pausedAt, pausedReason } = await sinkToChange(context, id)
    if (pausedReason === "person") throw new AppError("conflict", `The sink ${name} is paused already.`)
    await tx.query(
      `UPDATE sink SET paused_at = $3::timestamptz, paused_reason = 'person' WHERE organization_id = $2::uuid AND id = $1::uuid`,
      [id, organization.id, caller.at.toISOString()],
    )
    await pauseCursors(tx, { sinkId: id, organizationId: organization.id })
    return {
      value: await readAnswer(tx, context, id),
      event: {
        targets: [{ type: "sink", id, name }],
        description: `The sink ${name} was paused.`,
        changes: [{ path: "/pausedAt", before: pausedAt, after: caller.at.toISOString() }],
      },
    }
  },
})
