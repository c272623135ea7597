import { z } from "zod"
import type { AppRef } from "@/lib/access/principal"
import type { AuditEvent } from "@/lib/audit/event/event"
import { type SearchedPart, searchedParts, searchShares } from "@/lib/audit/event/search-text"
import { continuationAfter, signCursor } from "@/lib/audit/query/cursor"
import { suggestedFields } from "@/lib/audit/query/fields"
import { type AuditQuery, fixedQuery } from "@/lib/audit/query/query"
import type { Window } from "@/lib/audit/query/selection"
import type { Choices, Finding } from "@/lib/audit/store"
import type { Instant } from "@/lib/audit/time/instant"
import { isUuid } from "@/lib/audit/uuid"
import { AppError } from "@/lib/errors"
import { operation, type ReadContext } from "@/lib/operations/core/operation"
import { type QueryInput, queryInput, resolveQuery } from "./resolve-query"

/** The parts of an event that were searched for a text. */
export interface TextSearched {
  /** The parts, and the number of characters of each that are searched. */
  readonly parts: readonly { readonly part: SearchedPart; readonly characters: number }[]
  /**
   * False while events of an earlier version are still being indexed: only their first 1,000 characters are searched.
   */
  readonly complete: boolean
}

/** One page of a result, with everything needed to show it, continue it and repeat the query. */
export interface EventPage {
  readonly events: readonly AuditEvent[]
  /** Send it as `cursor` for the next page; null when there is none. */
  readonly nextCursor: string | null
  /** Set when the search stopped early: everything back to here was searched. */
  readonly searchedBackTo: Instant | null
  /** Null when the query has no text. */
  readonly textSearched: TextSearched | null
  readonly window: Window
  /** The size of the log for which the answer is valid. */
  readonly asOf: number
  readonly queriedAt: Instant
  readonly query: AuditQuery
  /** The same query with fixed instants and `asOf`: it selects these events whenever it runs. */
  readonly fixedQuery: AuditQuery
  /** The apps of the events on this page. */
  readonly apps: readonly AppRef[]
}

/** Returns one page of events for a query. */
export const searchEvents = operation({
  name: "event.search",
  summary: "Searches the audit log and answers one page of events.",
  permission: "LOG-OWN",
  effect: "read",
  input: queryInput,
  run: searchPage,
})

/** Returns one page of the events that match the query and that the caller may see. */
export async function searchPage(context: ReadContext, input: QueryInput): Promise<EventPage> {
  const { query, selection, after, bound, apps, queriedAt } = await resolveQuery(context, input)
  const page = await context.store.search(context.scope, selection, { limit: query.limit, after })
  const continuation = continuationAfter(selection, page)
  const appIds = new Set(page.events.map(event => event.appId))
  return {
    events: page.events,
    nextCursor: continuation && signCursor(continuation, bound, context.cursorKey),
    searchedBackTo: page.searchedBackTo,
    textSearched: selection.text === null ? null : await textSearched(context),
    window: selection.window,
    asOf: page.asOf,
    queriedAt,
    query,
    fixedQuery: fixedQuery(query, selection.window, page.asOf),
    apps: apps.filter(app => appIds.has(app.id)),
  }
}

async function textSearched({ store }: ReadContext): Promise<TextSearched> {
  return {
    parts: searchedParts.map(part => ({ part, characters: searchShares[part] })),
    complete: await store.searchesWholeTexts(),
  }
}

/** One complete event. */
export interface FoundEvent {
  readonly event: AuditEvent
  /** The original bytes of an imported event, in base64. */
  readonly raw: string | null
  /** Null only when the app is unknown. */
  readonly app: AppRef | null
}

/**
 * Finds one event. An unknown event, one of another organization and one outside the Scope give the same `not-found`; one
 * that the caller could see until its content was removed gives `expired`.
 */
export const findEvent = operation({
  name: "event.find",
  summary: "Finds one event by its id.",
  permission: "LOG-OWN",
  effect: "read",
  input: z.strictObject({ id: z.string() }),
  run: async ({ scope, store, apps: known }, { id }): Promise<FoundEvent> => {
    const found = isUuid(id) ? await store.find(scope, id.toLowerCase()) : unknown
    if (found.kind === "expired") {
      throw new AppError(
        "expired",
        "The event has expired. Its entry in the ledger remains; its content was removed.",
      )
    }
    if (found.kind === "unknown") throw new AppError("not-found", "There is no such event.")
    const apps = await known.find(scope)
    const { event, raw } = found
    return {
      event,
      raw: raw && Buffer.from(raw).toString("base64"),
      app: apps.find(app => app.id === event.appId) ?? null,
    }
  },
})

const unknown: Finding = { kind: "unknown" }

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

/** What the caller may see of the log, and whether they may export it. */
export interface SeenLog {
  /** The apps by which the events can be filtered. */
  readonly apps: readonly AppRef[]
  /** True when these are all existing and future apps. */
  readonly everyApp: boolean
  /** True when only the caller's own actions are visible. */
  readonly ownOnly: boolean
  readonly mayExport: boolean
}

/** Lists the apps whose events the caller may see, and whether the log is limited to them. */
export const listLogApps = operation({
  name: "application.choices",
  summary: "Lists the apps whose events the caller may see.",
  permission: "LOG-OWN",
  effect: "read",
  input: z.strictObject({}),
  run: seenLog,
})

/** Returns what the caller may see of the log. */
export async function seenLog({ caller, scope, apps }: ReadContext): Promise<SeenLog> {
  return {
    apps: await apps.find(scope),
    everyApp: scope.appIds === null,
    ownOnly: scope.actorId !== null,
    mayExport: caller.principal.permissions.has("LOG-EXPORT"),
  }
}
