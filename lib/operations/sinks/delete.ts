import { z } from "zod"
import { forgetSink } from "@/lib/delivery/sinks/cursors"
import { operation } from "@/lib/operations/core/operation"
import { sinkId } from "./inputs"
import { sinkToChange } from "./read"

/** Deletes a sink with its credentials, its receipts and what it refused. What is being sent changes nothing any more. */
export const deleteSink = operation({
  name: "sink.delete",
  summary: "Deletes a sink, its credentials and its receipts. What it has received stays there.",
  permission: "SINK-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ id: sinkId }),
  run: async (context, { id }) => {
    const { tx, organization } = context
    const { name, kind } = await sinkToChange(context, id)
    await forgetSink(tx, { sinkId: id, organizationId: organization.id })
    await tx.query("DELETE FROM sink WHERE organization_id = $2::uuid AND id = $1::uuid", [
      id,
      organization.id,
    ])
    return {
      value: { id },
      event: {
        targets: [{ type: "sink", id, name }],
        description: `The sink ${name} was deleted.`,
        changes: [{ path: "", before: { name, kind }, after: null }],
      },
    }
  },
})
