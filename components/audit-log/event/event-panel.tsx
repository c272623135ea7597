"use client"

import { useCallback, useEffect, useRef } from "react"
import { useEvents } from "@/components/audit-log/events-context"
import { useOpenEvent } from "@/components/audit-log/open-event-context"
import { useLogQuery } from "@/components/audit-log/query-context"
import type { FetchFailure } from "@/components/audit-log/request"
import { panelMark } from "@/components/audit-log/shortcuts/targets"
import { FailureNotice } from "@/components/audit-log/states/failure-notice"
import { openLinkId } from "@/components/audit-log/table/open-link"
import { summarize } from "@/components/audit-log/table/summarize"
import { Sheet, SheetContent } from "@/components/ui/sheet"
import { Skeleton } from "@/components/ui/skeleton"
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs"
import { drawerLook } from "./drawer-look"
import { Overview } from "./overview"
import { PanelHead } from "./panel-head"
import { RawJson } from "./raw-json"
import { Related } from "./related"
import { RequestFacts } from "./request-facts"
import type { ShownEvent } from "./shown-event"
import { useShownEvent } from "./use-shown-event"
import { type AskForValue, ValueMenuProvider, withUse } from "./value-menu"

export interface EventPanelProps {
  readonly id: string
  /** Over the whole screen, with the focus kept inside. */
  readonly modal: boolean
}

/** The open event. */
export default function EventPanel({ id, modal }: EventPanelProps) {
  const events = useEvents()
  const { query, ask } = useLogQuery()
  const { closeEvent } = useOpenEvent()
  const leave = events?.leave ?? closeEvent
  const heading = useRef<HTMLHeadingElement>(null)
  useFocusWhenOpened(heading, modal)

  const askForValue = useCallback<AskForValue>(
    (filter, use) => ask(withUse(query, filter, use)),
    [query, ask],
  )
  const content = (
    <ValueMenuProvider ask={askForValue}>
      <PanelContent id={id} heading={heading} onClose={modal ? null : leave} />
    </ValueMenuProvider>
  )
  if (!modal) {
    return (
      <section aria-label="Event" {...panelMark} className={`${drawerLook} animate-slide-right`}>
        {content}
      </section>
    )
  }
  return (
    <Sheet open onOpenChange={open => (open ? undefined : leave())}>
      <SheetContent
        title="Event"
        titleHidden
        className="w-full"
        {...panelMark}
        onOpenAutoFocus={event => {
          event.preventDefault()
          heading.current?.focus()
        }}
        onCloseAutoFocus={event => {
          event.preventDefault()
          document.getElementById(openLinkId(id))?.focus()
        }}
      >
        {content}
      </SheetContent>
    </Sheet>
  )
}

/** An event opened here takes the focus; one from the url leaves it at the top of the page. */
function useFocusWhenOpened(heading: React.RefObject<HTMLHeadingElement | null>, modal: boolean): void {
  useEffect(() => {
    const openedHere = document.activeElement !== document.body
    if (openedHere && !modal) heading.current?.focus({ preventScroll: true })
  }, [heading, modal])
}

interface PanelContentProps {
  readonly id: string
  readonly heading: React.RefObject<HTMLHeadingElement | null>
  /** Null when the surrounding frame has its own close button. */
  readonly onClose: (() => void) | null
}

function PanelContent({ id, heading, onClose }: PanelContentProps) {
  const { shown, failure, retry } = useShownEvent(id)
  const row = useEvents()?.pages.rows.find(candidate => candidate.id === id)
  return (
    <>
      <PanelHead
        id={id}
        summary={shown ? summarize(shown.event) : (row ?? null)}
        heading={heading}
        onClose={onClose}
      />
      {failure ? (
        <div className="p-5">
          <FailureNotice failure={failure} what={wordsOf(failure)} onRetry={retry} />
        </div>
      ) : shown ? (
        <Parts shown={shown} />
      ) : (
        <LoadingParts />
      )}
    </>
  )
}

function wordsOf({ status }: FetchFailure): string {
  if (status === 404) return "This event does not exist here"
  return status === 410 ? "This event has expired" : "The event could not be loaded"
}

function Parts({ shown }: { readonly shown: ShownEvent }) {
  const { slug, answered, ask } = useLogQuery()
  const body = "min-h-0 flex-1 overflow-y-auto px-5 py-4 focus-visible:-outline-offset-2"
  return (
    <Tabs defaultValue="overview" className="flex min-h-0 flex-1 flex-col">
      <TabsList aria-label="Parts of the event" className="shrink-0 px-5">
        <TabsTrigger value="overview">Overview</TabsTrigger>
        <TabsTrigger value="request">Request</TabsTrigger>
        <TabsTrigger value="raw">Raw JSON</TabsTrigger>
      </TabsList>
      <TabsContent value="overview" className={body}>
        <div className="grid gap-5">
          <Related slug={slug} event={shown.event} zone={answered.zone} keepsEvent onFollow={ask} />
          <Overview shown={shown} zone={answered.zone} />
        </div>
      </TabsContent>
      <TabsContent value="request" className={body}>
        <RequestFacts shown={shown} />
      </TabsContent>
      <TabsContent value="raw" className={body}>
        <RawJson shown={shown} />
      </TabsContent>
    </Tabs>
  )
}

const loadingWidths = ["w-40", "w-64", "w-52", "w-60", "w-36", "w-56", "w-48", "w-64"]

function LoadingParts() {
  return (
    <div aria-busy="true" className="grid gap-4 border-t px-5 py-6">
      <span className="sr-only">Loading the event</span>
      {loadingWidths.map((width, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: shapes without meaning
        <div key={index} className="flex gap-6">
          <Skeleton className="h-4 w-24" />
          <Skeleton className={`h-4 ${width}`} />
        </div>
      ))}
    </div>
  )
}
