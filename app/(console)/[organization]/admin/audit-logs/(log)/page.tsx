import type { Metadata } from "next"
import { headers } from "next/headers"
import { NoPermission } from "@/components/access/no-permission"
import { EventDrawer } from "@/components/audit-log/event/event-drawer"
import { EventsProvider } from "@/components/audit-log/events-context"
import { FilterBar } from "@/components/audit-log/filter/filter-bar"
import { LogBody } from "@/components/audit-log/log-body"
import { LogHead } from "@/components/audit-log/log-head"
import { LogProvider } from "@/components/audit-log/log-provider"
import { splitSearch } from "@/components/audit-log/query/address"
import { Notices } from "@/components/audit-log/states/notices"
import { PendingBar } from "@/components/audit-log/states/pending"
import { WhilePermitted } from "@/components/audit-log/states/while-permitted"
import { baseUrl } from "@/lib/http/base-url"
import { pageSession } from "@/lib/http/page-session"
import { pageSearch } from "@/lib/http/raw-search"
import { answerAddress } from "./log-answer"

export const metadata: Metadata = { title: "Audit Logs" }

interface PageProps {
  readonly params: Promise<{ readonly organization: string }>
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>
}

/** Who did what, to what, when, from where and with which outcome: the organization's log. */
export default async function AuditLogsPage({ params, searchParams }: PageProps) {
  const { organization: slug } = await params
  const search = pageSearch(await headers(), entriesOf(await searchParams))
  const { parameters } = splitSearch(search.parameters)
  const answer = await answerAddress(slug, parameters, await preferredZone(slug, parameters), search.faults)
  if (answer.kind === "forbidden") return <NoPermission {...answer.refused} />
  return (
    <LogProvider slug={slug} answer={answer.state}>
      <EventsProvider>
        <WhilePermitted>
          <div className="@container min-w-0 flex-1">
            <PendingBar />
            <div className="grid gap-4 px-4 pt-5 pb-4 @3xl:px-6">
              <LogHead />
              <FilterBar />
              <Notices />
            </div>
            <LogBody baseUrl={baseUrl()} />
          </div>
          <EventDrawer />
        </WhilePermitted>
      </EventsProvider>
    </LogProvider>
  )
}

/**
 * Returns the zone for a url without parameters, which is how people open the log. Any other link without a zone means UTC,
 * for everybody and for ever.
 */
async function preferredZone(slug: string, parameters: readonly unknown[]): Promise<string | null> {
  if (parameters.length > 0) return null
  const session = await pageSession(slug)
  return session.ok ? session.value.person.timeZone : null
}

function entriesOf(search: Readonly<Record<string, string | string[] | undefined>>): [string, string][] {
  return Object.entries(search).flatMap(([name, value]) =>
    [value ?? []].flat().map((each): [string, string] => [name, each]),
  )
}
