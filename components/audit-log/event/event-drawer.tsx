"use client"

import { useOpenEvent } from "@/components/audit-log/open-event-context"
import { useMediaQuery } from "@/components/audit-log/use-media-query"
import { lazyPart } from "@/components/ui/lazy-part"
import { Skeleton } from "@/components/ui/skeleton"
import { drawerLook } from "./drawer-look"

const EventPanel = lazyPart(() => import("./event-panel"), {
  fallback: <DrawerSkeleton />,
  frame: notice => <div className={drawerLook}>{notice}</div>,
})

/**
 * The position of the open event: beside the log where there is room, over its edge where there is less, over everything on
 * a phone. Its code is loaded when the first event is opened.
 */
export function EventDrawer() {
  const { openEventId, closeEvent } = useOpenEvent()
  const phone = useMediaQuery("(max-width: 639px)")
  if (openEventId === null) return null
  return <EventPanel id={openEventId} modal={phone} onGiveUp={closeEvent} />
}

function DrawerSkeleton() {
  return (
    <div aria-busy="true" className={drawerLook}>
      <div className="grid gap-3 p-5">
        <Skeleton className="h-5 w-24" />
        <Skeleton className="h-6 w-72 max-w-full" />
        <Skeleton className="h-4 w-52" />
      </div>
    </div>
  )
}
