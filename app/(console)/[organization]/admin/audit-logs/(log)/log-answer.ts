import { type AddressFault, locateFaults } from "@/components/audit-log/question/faults"
import type { NoneReason } from "@/components/audit-log/states/none"
import type { AppRef } from "@/lib/access/principal"
import { parseQuery } from "@/lib/audit/query/parse"
import type { Window } from "@/lib/audit/query/query"
import { hasFilters, type Question } from "@/lib/audit/query/question"
import { addMicroseconds, type Instant, instantFromDate } from "@/lib/audit/time/instant"
import { type Refused, run } from "@/lib/http/run"
import { type EventPage, listLogApps, type SeenLog, searchEvents } from "@/lib/operations/events/events"
import { builtInApp } from "@/lib/operations/organizations/organizations"

type Parameters = readonly (readonly [string, string])[]
type Forbidden = Extract<Refused, { readonly code: "forbidden" }>
type NoAnswer = Exclude<Refused, Forbidden>

/** What the page shows beside its frame and its filters. */
export type LogBody =
  | { readonly kind: "events"; readonly page: EventPage; readonly onlyOurs: boolean }
  | { readonly kind: "none"; readonly page: EventPage; readonly reason: NoneReason }
  | { readonly kind: "no-events-yet"; readonly page: EventPage }
  | { readonly kind: "faults"; readonly faults: readonly AddressFault[] }
  | { readonly kind: "failure"; readonly refused: NoAnswer }

/** The page's answer to its address. */
export type LogAnswer =
  | { readonly kind: "forbidden"; readonly refused: Forbidden }
  | {
      readonly kind: "log"
      readonly question: Question
      readonly askedAt: Instant
      readonly window: Window | null
      readonly sees: SeenLog
      readonly body: LogBody
    }

/**
 * Asks what the address asks. The permission comes first and alone: without it nothing else is looked up. A question that is
 * not understood, or not answered, keeps its controls.
 */
export async function answerAddress(slug: string, parameters: Parameters): Promise<LogAnswer> {
  const searched = await run(searchEvents, slug, { parameters })
  if (!searched.ok && searched.code === "forbidden") return { kind: "forbidden", refused: searched }
  const listed = await run(listLogApps, slug, {})
  if (!listed.ok && listed.code === "forbidden") return { kind: "forbidden", refused: listed }
  const sees = listed.ok ? listed.value : unknown
  if (searched.ok) {
    const page = searched.value
    const { question, askedAt, window } = page
    return { kind: "log", question, askedAt, window, sees, body: await bodyOf(slug, page, sees) }
  }
  const askedAt = addMicroseconds(instantFromDate(new Date()), 0)
  const { question } = parseQuery(parameters, { now: askedAt })
  return {
    kind: "log",
    question,
    askedAt,
    window: null,
    sees,
    body: refusedBody(searched, parameters, askedAt),
  }
}

/** While nobody can tell, nothing is offered. */
const unknown: SeenLog = { apps: [], everyApp: true, ownOnly: false, mayExport: false }

function refusedBody(refused: NoAnswer, parameters: Parameters, now: Instant): LogBody {
  if (refused.code !== "invalid") return { kind: "failure", refused }
  return { kind: "faults", faults: locateFaults(parameters, refused.faults, { now }) }
}

async function bodyOf(slug: string, page: EventPage, sees: SeenLog): Promise<LogBody> {
  // Who sees a part cannot tell what the whole log lacks.
  const seesAll = sees.everyApp && !sees.ownOnly
  if (page.events.length > 0) {
    return { kind: "events", page, onlyOurs: seesAll && holdsOnlyOurs(page, sees.apps) }
  }
  if (page.asOf === 0 && seesAll) return { kind: "no-events-yet", page }
  if (page.searchedBackTo !== null && page.nextCursor !== null) {
    return { kind: "none", page, reason: { kind: "unfinished", searchedBackTo: page.searchedBackTo } }
  }
  return { kind: "none", page, reason: await reasonOf(slug, page, seesAll) }
}

async function reasonOf(
  slug: string,
  { question, window, askedAt }: EventPage,
  seesAll: boolean,
): Promise<NoneReason> {
  if (window.from > askedAt) return { kind: "future" }
  const firstAt = await findFirstMoment(slug)
  if (firstAt !== null && firstAt >= window.before) return { kind: "before-first", firstAt }
  if (firstAt === null && !seesAll) return { kind: "nothing-yet" }
  return { kind: hasFilters(question) ? "filtered" : "quiet" }
}

/** When the log that this reader may see begins; null when that cannot be told now. */
async function findFirstMoment(slug: string): Promise<Instant | null> {
  const parameters = new URLSearchParams({ window: "all", order: "oldest", limit: "1" })
  const searched = await run(searchEvents, slug, { parameters })
  return searched.ok ? (searched.value.events[0]?.occurredAt ?? null) : null
}

/** Everything there is was written by the console itself: whoever set it up has sent nothing yet. */
function holdsOnlyOurs({ question, events, nextCursor }: EventPage, apps: readonly AppRef[]): boolean {
  if (nextCursor !== null || hasFilters(question) || question.cursor !== null) return false
  const ours = apps.find(app => app.slug === builtInApp.slug)
  return ours !== undefined && events.every(event => event.appId === ours.id)
}
