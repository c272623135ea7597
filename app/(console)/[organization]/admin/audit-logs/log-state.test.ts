import { expect, it } from "vitest"
import { parseQuery } from "@/lib/audit/query/parse"
import type { Instant } from "@/lib/audit/time/instant"
import type { OpenedLog } from "@/lib/operations/events/open-log"
import { logStateOf } from "./log-state"

const queriedAt = "2026-01-02T00:00:00.000000Z" as Instant

function opened(complete: boolean | null): OpenedLog {
  const { query } = parseQuery([], { now: queriedAt })
  return {
    page: {
      events: [],
      nextCursor: null,
      searchedBackTo: null,
      textSearched: complete === null ? null : { parts: [], complete },
      window: { from: "2026-01-01T00:00:00.000000Z" as Instant, before: queriedAt },
      asOf: 1,
      queriedAt,
      query,
      fixedQuery: query,
      apps: [],
    },
    sees: { apps: [], everyApp: true, ownOnly: false, mayExport: true },
    firstAt: null,
  }
}

it.each([
  ["no text was searched for", null, false],
  ["every text is prepared", true, false],
  ["texts are still being prepared", false, true],
] as const)("the page says that a text was searched in part only when it was: %s", (_, complete, partly) => {
  expect(logStateOf("", opened(complete)).textPartly).toBe(partly)
})
