import type { EventPage } from "./generated/api"
import type { FollowOptions } from "./options"
import type { QueryText } from "./query-text"
import type { Time } from "./time"

interface Following {
  readonly page: (text: QueryText) => Promise<EventPage>
  readonly isLast: (page: EventPage, text: QueryText) => boolean
  readonly time: Time
  readonly options: FollowOptions
}

/** The last year that an event can have: a window with this end is still open. */
const openEnd = "2199"

/** Returns the pages of a query in recorded order, and then what is new. Throws TypeError for a query that cannot be followed. */
export async function* followPages(
  asked: QueryText,
  { page: read, isLast, time, options }: Following,
): AsyncGenerator<EventPage, void, undefined> {
  const { signal, intervalMs = 2_000, onPosition } = options
  let text = await opened(asked, { read, time })
  for (;;) {
    const page = await read(text)
    yield page
    if (page.nextCursor !== null) {
      text = text.with("cursor", page.nextCursor)
      onPosition?.(String(text))
    }
    if (isLast(page, text)) await time.sleep(intervalMs, signal)
  }
}

/**
 * Returns the query in recorded order, with a window that does not end now: the first page fixes a window, and events that come
 * later would be outside it.
 */
async function opened(
  asked: QueryText,
  { read, time }: { readonly read: Following["page"]; readonly time: Time },
): Promise<QueryText> {
  if (asked.has("as-of")) throw new TypeError("A query with as-of ends: it cannot be followed.")
  if ((asked.get("order") ?? "recorded") !== "recorded")
    throw new TypeError("A log is followed in recorded order; leave order out.")
  const text = asked.with("order", "recorded")
  const window = text.get("window") ?? (text.has("from") ? "from" : "all")
  if (text.has("cursor") || text.has("to") || window === "all") return text
  const { window: fixed } = await read(text.with("limit", "1"))
  // A window that has ended, such as yesterday, stays as it is.
  if (fixed.before < new Date(time.today()).toISOString()) return text
  return text
    .without("window")
    .with("from", text.get("from") ?? fixed.from)
    .with("to", openEnd)
}
