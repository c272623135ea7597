import type { Metadata } from "next"
import { NoPermission } from "@/components/access/no-permission"
import { EventDrawer } from "@/components/audit-log/event/event-drawer"
import { EventsProvider } from "@/components/audit-log/events-context"
import { FilterBar } from "@/components/audit-log/filter/filter-bar"
import { LogProvider } from "@/components/audit-log/log-context"
import { LogHead } from "@/components/audit-log/log-head"
import { splitSearch } from "@/components/audit-log/question/address"
import { AddressFaults } from "@/components/audit-log/states/address-faults"
import { FirstSteps } from "@/components/audit-log/states/first-steps"
import { None } from "@/components/audit-log/states/none"
import { PendingBar, SlowNotice } from "@/components/audit-log/states/pending"
import { SearchFailure } from "@/components/audit-log/states/search-failure"
import { WhilePermitted } from "@/components/audit-log/states/while-permitted"
import { CardHead } from "@/components/audit-log/table/card-head"
import { EventTable } from "@/components/audit-log/table/event-table"
import { summarize } from "@/components/audit-log/table/row"
import { TableFoot } from "@/components/audit-log/table/table-foot"
import type { FirstPage } from "@/components/audit-log/table/use-pages"
import { baseUrl } from "@/lib/http/base-url"
import type { EventPage } from "@/lib/operations/events/events"
import { answerAddress, type LogBody } from "./log-answer"

export const metadata: Metadata = { title: "Audit Logs" }

interface PageProps {
  readonly params: Promise<{ readonly organization: string }>
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>
}

/** Who did what, to what, when, from where and with which outcome: the organization's log. */
export default async function AuditLogsPage({ params, searchParams }: PageProps) {
  const { organization: slug } = await params
  const { parameters } = splitSearch(entriesOf(await searchParams))
  const answer = await answerAddress(slug, parameters)
  if (answer.kind === "forbidden") return <NoPermission {...answer.refused} />
  const { question, askedAt, window, body } = answer
  const { everyApp, ownOnly, mayExport } = answer.sees
  const apps = answer.sees.apps.map(({ id, slug, name }) => ({ id, slug, name }))
  const sees = { everyApp, ownOnly, mayExport }
  const faults = body.kind === "faults" ? body.faults : []
  return (
    <LogProvider {...{ slug, apps, sees, question, askedAt, window }}>
      <EventsProvider first={"page" in body ? firstPage(body.page) : null}>
        <WhilePermitted>
          <div className="@container min-w-0 flex-1">
            <PendingBar />
            <div className="grid gap-4 px-4 pt-5 pb-4 @3xl:px-6">
              <LogHead />
              <FilterBar faults={faults} />
              <SlowNotice />
              <Notice slug={slug} body={body} />
            </div>
            <Body slug={slug} body={body} />
          </div>
          <EventDrawer />
        </WhilePermitted>
      </EventsProvider>
    </LogProvider>
  )
}

interface BodyProps {
  readonly slug: string
  readonly body: LogBody
}

/** What stands in the place of the rows when the question was not understood or not answered. */
function Notice({ slug, body }: BodyProps) {
  if (body.kind === "faults") return <AddressFaults slug={slug} faults={body.faults} />
  if (body.kind !== "failure") return null
  const { code, message, retryAfterSeconds, requestId } = body.refused
  return (
    <SearchFailure
      failure={{ status: null, code, message, requestId, retryAfterSeconds: retryAfterSeconds ?? null }}
    />
  )
}

function Body({ slug, body }: BodyProps) {
  if (body.kind === "no-events-yet") return <FirstSteps slug={slug} baseUrl={baseUrl()} />
  if (body.kind === "none" && body.reason.kind !== "unfinished") return <None reason={body.reason} />
  if (body.kind !== "events" && body.kind !== "none") return null
  return (
    <>
      {body.kind === "none" ? <None reason={body.reason} /> : null}
      <CardHead />
      <EventTable />
      <TableFoot />
      {body.kind === "events" && body.onlyOurs ? <FirstSteps slug={slug} baseUrl={baseUrl()} /> : null}
    </>
  )
}

function firstPage(page: EventPage): FirstPage {
  const { events, nextCursor, searchedBackTo, question, fixedQuestion } = page
  return { rows: events.map(summarize), nextCursor, searchedBackTo, question, fixed: fixedQuestion }
}

function entriesOf(search: Readonly<Record<string, string | string[] | undefined>>): [string, string][] {
  return Object.entries(search).flatMap(([name, value]) =>
    [value ?? []].flat().map((each): [string, string] => [name, each]),
  )
}
