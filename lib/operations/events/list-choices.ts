import { z } from "zod"
import { suggestedFields } from "@/lib/audit/query/fields"
import type { Choices } from "@/lib/audit/store"
import { operation } from "@/lib/operations/core/operation"
import { queryInput, resolveQuery } from "./resolve-query"

const choicesLimit = 200

/** Lists the values of a field that occur among the events of a query, to choose a filter from. */
export const listChoices = operation({
  name: "event.choices",
  summary: "Lists values of a field that occur in the log and hold the typed text.",
  permission: "LOG-OWN",
  effect: "read",
  input: z.strictObject({
    field: z.enum(suggestedFields),
    typed: z.string().max(200).default(""),
    query: queryInput,
  }),
  run: async (context, { field, typed, query }): Promise<Choices> => {
    const { selection } = await resolveQuery(context, query)
    return context.store.choices(context.scope, { field, typed, selection, limit: choicesLimit })
  },
})
