import { z } from "zod"
import { eventWriterNamed } from "@/lib/formats/write/writers"
import { operation } from "@/lib/operations/core/operation"
import type { AnySinkKind } from "@/lib/sinks/kinds"
import { omittableParts } from "@/lib/sinks/parts"
import type { SinkKindAnswer, SinkKindsAnswer } from "./answers"
import { isOnlyOrganization } from "./read"

/** Lists the kinds that this organization may have, and what a form asks for. */
export const listSinkKinds = operation({
  name: "sink.list_kinds",
  summary: "Lists the kinds of sinks, with their settings, credentials and formats.",
  permission: "SINK-MANAGEMENT",
  effect: "read",
  input: z.strictObject({}),
  run: async ({ sinkKinds, read }): Promise<SinkKindsAnswer> => {
    const isOnly = await read(({ tx }) => isOnlyOrganization(tx))
    return {
      kinds: sinkKinds.filter(({ reach }) => reach === "network" || isOnly).map(describe),
      omittable: omittableParts.map(({ name, label }) => ({ name, label })),
    }
  },
})

function describe(kind: AnySinkKind): SinkKindAnswer {
  const { name, label, summary, fields, order, proof } = kind
  return {
    ...{ kind: name, label, summary, fields, order, proof },
    credentials: kind.credentials.map(field => ({
      name: field.name,
      label: field.label,
      required: field.required,
    })),
    formats: kind.formats.map(format => {
      const writer = eventWriterNamed(format)
      return { name: format, label: writer?.label ?? format, summary: writer?.summary ?? "" }
    }),
  }
}
