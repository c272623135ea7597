"use client"

import { CalendarClock, ChevronsDown, Inbox, SearchX } from "lucide-react"
import type { ReactNode } from "react"
import { useAccess } from "@/components/audit-log/access-context"
import type { NoneReason } from "@/components/audit-log/answers/log-state"
import { useEvents } from "@/components/audit-log/events-context"
import { Pills } from "@/components/audit-log/filter/pills"
import { queryAddress } from "@/components/audit-log/query/address"
import { describeWindow } from "@/components/audit-log/query/words"
import { useLogQuery } from "@/components/audit-log/query-context"
import { Time } from "@/components/time/time"
import { Button } from "@/components/ui/button"
import { EmptyState } from "@/components/ui/empty-state"
import { type AuditQuery, withWindow } from "@/lib/audit/query/query"
import type { Instant } from "@/lib/audit/time/instant"

/** No events, and what can be done about it: a different text for each reason. */
export function None({ reason }: { readonly reason: NoneReason }) {
  const { answered, window } = useLogQuery()
  const { sees } = useAccess()
  const seesAll = sees.everyApp && !sees.ownOnly
  if (reason.kind === "unfinished") return <Unfinished searchedBackTo={reason.searchedBackTo} />
  if (reason.kind === "filtered") {
    return (
      <EmptyState
        icon={SearchX}
        title="No event matches"
        actions={
          <>
            <AskLink query={withWindow(answered, { kind: "preset", preset: "1y" })}>Search a year</AskLink>
            <AskLink query={withWindow(answered, { kind: "all" })}>Search all time</AskLink>
          </>
        }
      >
        <p>{describeWindow(answered, window)}. Take a filter away, or search a wider range.</p>
        <div className="mt-4 text-foreground">
          <Pills centred />
        </div>
      </EmptyState>
    )
  }
  if (reason.kind === "future") {
    return (
      <EmptyState icon={CalendarClock} title="This range is still to come" actions={<BackToNow />}>
        <p>{describeWindow(answered, window)}. Nothing is recorded ahead of its time.</p>
      </EmptyState>
    )
  }
  if (reason.kind === "before-first") {
    return (
      <EmptyState
        icon={CalendarClock}
        title={
          seesAll
            ? "This range ends before the first event"
            : "This range ends before the first event that you see"
        }
        actions={<BackToNow />}
      >
        <p>
          {seesAll ? "The log begins" : "What you see of the log begins"} on{" "}
          <Time
            instant={reason.firstAt}
            zone={answered.zone}
            format="minute"
            withOffset
            card="none"
            className="text-foreground"
          />
          .
        </p>
      </EmptyState>
    )
  }
  if (reason.kind === "nothing-yet") {
    return (
      <EmptyState icon={Inbox} title="There is nothing for you to see yet">
        <p>
          {sees.ownOnly
            ? "What you do in this organization will appear here."
            : "What the apps named above send will appear here."}
        </p>
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={Inbox}
      title={
        seesAll
          ? "Nothing happened in this range"
          : sees.ownOnly
            ? "You did nothing in this range"
            : "Nothing that you see happened in this range"
      }
      actions={
        <>
          <AskLink query={withWindow(answered, { kind: "preset", preset: "30d" })}>Last 30 days</AskLink>
          <AskLink query={withWindow(answered, { kind: "all" })}>All time</AskLink>
        </>
      }
    >
      <p>{describeWindow(answered, window)}.</p>
    </EmptyState>
  )
}

function Unfinished({ searchedBackTo }: { readonly searchedBackTo: Instant }) {
  const { answered } = useLogQuery()
  const events = useEvents()
  if (events && events.pages.rows.length > 0) return null
  return (
    <EmptyState
      icon={ChevronsDown}
      title="Nothing found so far"
      actions={
        <Button variant="primary" pending={events?.pages.loading} onClick={events?.pages.loadMore}>
          Continue
        </Button>
      }
    >
      <p>
        Searched {answered.order === "oldest" ? "forward" : "back"} to{" "}
        <Time
          instant={events?.pages.searchedBackTo ?? searchedBackTo}
          zone={answered.zone}
          withOffset
          card="none"
          className="text-foreground"
        />
        . This filter has no index, so the log is looked through a part at a time.
      </p>
    </EmptyState>
  )
}

function BackToNow() {
  const { answered } = useLogQuery()
  const query = withWindow(answered, { kind: "preset", preset: "30d" })
  return <AskLink query={{ ...query, excludeToday: false }}>Last 30 days</AskLink>
}

function AskLink({ query, children }: { readonly query: AuditQuery; readonly children: ReactNode }) {
  const { slug, ask } = useLogQuery()
  return (
    <Button asChild>
      <a
        href={queryAddress(slug, query)}
        onClick={event => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return
          event.preventDefault()
          ask(query)
        }}
      >
        {children}
      </a>
    </Button>
  )
}
