"use client"

import { type RefObject, useEffect, useId, useRef } from "react"
import { type EventsView, useEvents } from "@/components/audit-log/events-context"
import { queryAddress } from "@/components/audit-log/query/address"
import { useLogQuery } from "@/components/audit-log/query-context"
import type { FetchFailure } from "@/components/audit-log/request"
import { FailureNotice } from "@/components/audit-log/states/failure-notice"
import { Time } from "@/components/time/time"
import { Alert } from "@/components/ui/alert"
import { Button } from "@/components/ui/button"
import { Label } from "@/components/ui/label"
import { Select } from "@/components/ui/select"
import { Spinner } from "@/components/ui/spinner"
import { CountLine, LoadedAnnouncement } from "./count-line"

/** How far before the end of the rows the next page is requested; further for a reader who scrolls fast. */
const aheadPixels = 900
const aheadOfScrollingPixels = 2_400
const pageSizes = [20, 50, 100] as const

/** The end of the rows: the next page, a failure, the number of rows, and the page size. */
export function TableFoot() {
  const events = useEvents()
  const foot = useRef<HTMLDivElement>(null)
  useFocusAfterFailure(foot, events?.pages.failure ?? null)
  if (!events) return null
  const { pages } = events
  return (
    <div ref={foot} tabIndex={-1} className="grid gap-3 px-4 py-4 outline-none @3xl:px-6">
      <Continuation events={events} />
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <CountLine events={events} />
        {!pages.hasMore && pages.rows.length > 0 ? (
          <p className="text-sm text-muted-foreground">End of the time range</p>
        ) : null}
        <PageSize />
      </div>
      <LoadedAnnouncement events={events} />
    </div>
  )
}

/** The notice of a failure disappears with its button; the focus then stays at its position. */
function useFocusAfterFailure(foot: RefObject<HTMLDivElement | null>, failure: FetchFailure | null): void {
  const before = useRef(failure)
  useEffect(() => {
    if (before.current && !failure && document.activeElement === document.body) {
      foot.current?.focus({ preventScroll: true })
    }
    before.current = failure
  }, [foot, failure])
}

function Continuation({ events }: { readonly events: EventsView }) {
  const { answered } = useLogQuery()
  const { rows, hasMore, searchedBackTo, failure, loading, loadMore } = events.pages
  if (failure)
    return <FailureNotice failure={failure} what="The next events could not be loaded" onRetry={loadMore} />
  // Without any row the page says so itself, and offers to continue.
  if (!hasMore || (rows.length === 0 && searchedBackTo !== null)) return null
  if (searchedBackTo !== null) {
    return (
      <Alert
        title={
          <>
            Searched {answered.order === "oldest" ? "forward" : "back"} to{" "}
            <Time instant={searchedBackTo} zone={answered.zone} withOffset card="none" />
          </>
        }
        action={
          <Button size="sm" pending={loading} onClick={loadMore}>
            Continue
          </Button>
        }
      >
        This filter has no index, so the log is looked through a part at a time.
      </Alert>
    )
  }
  return <LoadMore events={events} />
}

function LoadMore({ events }: { readonly events: EventsView }) {
  const { slug, answered } = useLogQuery()
  const { loading, loadMore, rows } = events.pages
  const isScrolling = rows.length > events.first.rows.length
  const end = useRef<HTMLDivElement>(null)

  useEffect(() => {
    const element = end.current
    if (!element || loading) return
    const observer = new IntersectionObserver(
      entries => {
        if (entries.some(entry => entry.isIntersecting)) loadMore()
      },
      { rootMargin: `0px 0px ${isScrolling ? aheadOfScrollingPixels : aheadPixels}px 0px` },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [loading, loadMore, isScrolling])

  const next = { ...events.first.query, cursor: events.first.nextCursor }
  return (
    <div ref={end} className="flex justify-center">
      <Button asChild>
        <a
          href={queryAddress(slug, next)}
          aria-disabled={loading}
          onClick={event => {
            event.preventDefault()
            loadMore()
          }}
        >
          {loading ? <Spinner /> : null}
          {loading ? "Loading" : `Load ${answered.limit} more`}
        </a>
      </Button>
    </div>
  )
}

function PageSize() {
  const { query, ask } = useLogQuery()
  const id = useId()
  const sizes: readonly number[] = pageSizes
  const shown = sizes.includes(query.limit) ? sizes : [...sizes, query.limit].sort((a, b) => a - b)
  return (
    <span className="flex items-center gap-2">
      <Label htmlFor={id} className="font-normal! whitespace-nowrap text-muted-foreground">
        Load at once
      </Label>
      <Select
        id={id}
        className="w-20!"
        value={query.limit}
        onChange={event => ask({ ...query, limit: Number(event.target.value), cursor: null, asOf: null })}
      >
        {shown.map(size => (
          <option key={size} value={size}>
            {size}
          </option>
        ))}
      </Select>
    </span>
  )
}
