"use client"

import { Eye, RotateCw } from "lucide-react"
import { PageHeader } from "@/components/navigation/page-header"
import { Button } from "@/components/ui/button"
import { useAccess } from "./access-context"
import { useEvents } from "./events-context"
import { ExportButton } from "./export/export-button"
import { LaterEvents } from "./later-events"
import { describeScope } from "./query/scope-words"
import { describeWindow } from "./query/words"
import { useLogQuery } from "./query-context"
import { LogShortcuts } from "./shortcuts/log-shortcuts"
import { HitCount } from "./table/count-line"
import { ValueText } from "./values/value-text"

/** The page's title, the time range and its zone as text, and the actions on the whole page. */
export function LogHead() {
  const { answered, window, pending, retry } = useLogQuery()
  const { apps, sees } = useAccess()
  const events = useEvents()
  const part = describeScope({ ...sees, apps })
  return (
    <div className="grid">
      <PageHeader
        title="Audit Logs"
        actions={
          <>
            <LogShortcuts />
            <Button
              variant="ghost"
              size="icon"
              aria-label="Refresh"
              title="Refresh"
              disabled={pending}
              onClick={retry}
            >
              <RotateCw aria-hidden="true" className="text-muted-foreground" />
            </Button>
            {sees.mayExport ? <ExportButton /> : null}
          </>
        }
      />
      <p className="text-muted-foreground text-pretty">
        {events && window ? (
          <>
            <HitCount events={events} /> ·{" "}
          </>
        ) : null}
        <span>{describeWindow(answered, window)}</span>
        <LaterEvents />
      </p>
      {part === null ? null : (
        <p className="mt-1 flex items-start gap-1.5 text-sm text-pretty">
          <Eye aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-muted-foreground" />
          <span className="min-w-0 wrap-anywhere">
            <ValueText text={part} />
          </span>
        </p>
      )}
    </div>
  )
}
