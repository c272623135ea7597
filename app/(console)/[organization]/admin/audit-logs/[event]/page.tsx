import { ArrowLeft, CalendarX } from "lucide-react"
import type { Metadata } from "next"
import Link from "next/link"
import { cache, type ReactNode } from "react"
import { NoPermission } from "@/components/access/no-permission"
import { EventPageActions } from "@/components/audit-log/event/event-page-actions"
import { EventPageMenus } from "@/components/audit-log/event/event-page-menus"
import { Overview } from "@/components/audit-log/event/overview"
import { RawJson } from "@/components/audit-log/event/raw-json"
import { Related } from "@/components/audit-log/event/related"
import { RequestFacts } from "@/components/audit-log/event/request-facts"
import { queryAddress } from "@/components/audit-log/query/address"
import { summarize } from "@/components/audit-log/table/summarize"
import { Happened, happenedText } from "@/components/audit-log/values/happened"
import { StatusBadge } from "@/components/audit-log/values/status-mark"
import { Page } from "@/components/navigation/page"
import { PageHeader } from "@/components/navigation/page-header"
import { Refused } from "@/components/navigation/refused"
import { titleOfThing } from "@/components/page-title"
import { Time } from "@/components/time/time"
import { buttonVariants } from "@/components/ui/button-variants"
import { EmptyState } from "@/components/ui/empty-state"
import { plainQuery } from "@/lib/audit/query/query"
import { isZone } from "@/lib/audit/time/zone"
import { run } from "@/lib/http/run"
import { findEvent } from "@/lib/operations/events/find"

interface PageProps {
  readonly params: Promise<{ readonly organization: string; readonly event: string }>
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>
}

// Title and page need the same data; it is looked up once per request.
const findEventOnce = cache((organization: string, id: string) => run(findEvent, organization, { id }))

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { organization, event: id } = await params
  // The page itself responds with not found, or redirects to the sign-in page.
  const found = await findEventOnce(organization, id).catch(() => null)
  return { title: titleOfThing(found?.ok ? happenedText(summarize(found.value.event)) : null, "Event") }
}

/** One event on its own page, with a permanent url. */
export default async function EventPage({ params, searchParams }: PageProps) {
  const { organization: slug, event: id } = await params
  const { zone: asked } = await searchParams
  const zone = typeof asked === "string" && isZone(asked) ? asked : "UTC"
  const found = await findEventOnce(slug, id)
  if (!found.ok) {
    if (found.code === "forbidden") return <NoPermission {...found} />
    return found.code === "expired" ? <Expired slug={slug} {...found} /> : <Refused {...found} />
  }
  const shown = found.value
  const { event } = shown
  return (
    <EventPageMenus slug={slug} zone={zone}>
      <Page>
        <PageHeader
          above={
            <Link
              href={queryAddress(slug, { ...plainQuery, zone })}
              prefetch={false}
              className="mb-1 flex w-fit items-center gap-1 text-sm text-link hover:underline"
            >
              <ArrowLeft aria-hidden="true" className="size-3.5" />
              Audit Logs
            </Link>
          }
          title={<Happened event={summarize(event)} />}
          actions={<EventPageActions />}
        />
        <p className="-mt-4 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted-foreground">
          <StatusBadge status={event.status} />
          <Time instant={event.occurredAt} zone={zone} withOffset card="press" />
        </p>
        <div className="grid items-start gap-x-10 gap-y-8 lg:grid-cols-2">
          <Part title="Overview">
            <Overview shown={shown} zone={zone} />
          </Part>
          <div className="grid min-w-0 gap-8">
            <Part title="Related events">
              <Related slug={slug} event={event} zone={zone} />
            </Part>
            <Part title="Request">
              <RequestFacts shown={shown} />
            </Part>
          </div>
        </div>
        <Part title="Raw JSON">
          <RawJson shown={shown} />
        </Part>
      </Page>
    </EventPageMenus>
  )
}

function Expired({ slug, message }: { readonly slug: string; readonly message: string }) {
  return (
    <EmptyState
      icon={CalendarX}
      title="This event has expired"
      level={1}
      actions={
        <Link href={queryAddress(slug, plainQuery)} prefetch={false} className={buttonVariants()}>
          Open the log
        </Link>
      }
    >
      <p>{message}</p>
    </EmptyState>
  )
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="grid min-w-0 gap-3">
      <h2 className="border-b pb-2 text-base font-semibold">{title}</h2>
      {children}
    </section>
  )
}
