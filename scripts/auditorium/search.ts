import { isExposed } from "@/scripts/connection-options"
import { Client } from "@/sdk/src/client/client"
import type { EventPage } from "@/sdk/src/client/generated/api"
import type { App, Row } from "./columns"
import type { Search } from "./options"
import type { Terminal } from "./terminal"
import { writerOf } from "./writers"

/** Prints the events of a search; returns whether there were any. Throws what the client throws. */
export async function search(asked: Search, { out, err, closed }: Terminal): Promise<boolean> {
  if (isExposed(asked.url)) err(`Careful: the key goes to ${asked.url.origin} unencrypted.\n`)
  const writer = writerOf(asked, out.width)
  let found = 0
  let first: EventPage | undefined
  for await (const page of pagesOf(asked, { err, signal: closed })) {
    first ??= page
    const rows = rowsOf(page).slice(0, (asked.limit ?? Number.POSITIVE_INFINITY) - found)
    found += rows.length
    const text = writer.rows(rows)
    if (text !== "") await out.write(text)
    closed.throwIfAborted()
    if (found === asked.limit) break
  }
  const end = writer.end()
  if (end !== "") await out.write(end)
  if (found === 0 && first) err(`Nothing found from ${first.window.from} to ${first.window.before}.\n`)
  return found > 0
}

function pagesOf(
  { url, key, query, follow, limit, patienceSeconds }: Search,
  { err, signal }: { readonly err: (text: string) => unknown; readonly signal: AbortSignal },
): AsyncGenerator<EventPage, void, undefined> {
  const client = new Client({
    ...{ url, key, patienceMs: patienceSeconds * 1000 },
    onRetry: ({ reason, delayMs }) =>
      err(`${url.origin} ${reason}; trying again in ${Math.ceil(delayMs / 1000)} seconds.\n`),
  })
  const isSmall = limit !== null && limit < 100 && !/(?:^|&)limit=/.test(query)
  const sized = isSmall ? `${query}&limit=${limit}` : query
  return follow ? client.followPages(sized, { signal }) : client.pages(sized, { signal })
}

function rowsOf({ events, apps }: EventPage): readonly Row[] {
  const byId = new Map<string, App>(apps.map(app => [app.id, app]))
  return events.map(event => ({ event, app: byId.get(event.appId) }))
}
