import { operation } from "@/lib/operations/core/operation"
import { queryInput, resolveQuery } from "./resolve-query"

/** Counting stops here: more events are shown as "10,000+". */
export const countLimit = 10_000

/** Counts the events of a query, up to a bound. */
export const countEvents = operation({
  name: "event.count",
  summary: `Counts the events of a question, up to ${countLimit}.`,
  permission: "LOG-OWN",
  effect: "read",
  input: queryInput,
  run: async (context, input) => {
    const { selection } = await resolveQuery(context, input)
    return context.store.count(context.scope, selection, countLimit)
  },
})
