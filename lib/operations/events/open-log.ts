import type { Instant } from "@/lib/audit/time/instant"
import { resolveWindow } from "@/lib/audit/time/window"
import { operation, type ReadContext } from "@/lib/operations/core/operation"
import { type SeenLog, seenLog } from "./list-apps"
import { queryInput } from "./resolve-query"
import { type EventPage, searchPage } from "./search"

/** Everything that the page of the log shows for one query. */
export interface OpenedLog {
  readonly page: EventPage
  readonly sees: SeenLog
  /**
   * When the log that the caller may see begins; null when it is empty, and when the page has events or can be
   * continued.
   */
  readonly firstAt: Instant | null
}

/** Answers a query for the page of the log, authorised once, whether it is requested as a page or as data. */
export const openLog = operation({
  name: "event.open_log",
  // A refusal of the page and one of the search are the same to a reader of the log.
  eventName: "event.search",
  summary: "Answers a question with a page of events and with what of the log the caller may see.",
  permission: "LOG-OWN",
  effect: "read",
  input: queryInput,
  run: async (context, input): Promise<OpenedLog> => {
    const [page, sees] = await Promise.all([searchPage(context, input), seenLog(context)])
    const isAnswered = page.events.length > 0 || (page.searchedBackTo !== null && page.nextCursor !== null)
    return { page, sees, firstAt: isAnswered ? null : await findFirstMoment(context, page.queriedAt) }
  },
})

async function findFirstMoment({ scope, store }: ReadContext, now: Instant): Promise<Instant | null> {
  const window = resolveWindow({ kind: "all" }, { zone: "UTC", excludeToday: false, now })
  if (window === null) return null
  const selection = { window, include: {}, exclude: {}, text: null, order: "oldest", asOf: null } as const
  const { events } = await store.search(scope, selection, { limit: 1, after: null })
  return events[0]?.occurredAt ?? null
}
