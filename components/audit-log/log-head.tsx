"use client"

import { RotateCw } from "lucide-react"
import { PageHeader } from "@/components/navigation/page-header"
import { Button } from "@/components/ui/button"
import { ExportButton } from "./export/export-button"
import { useLog } from "./log-context"
import { describeWindow } from "./question/words"
import { LogShortcuts } from "./shortcuts/log-shortcuts"

/** The page's title, the window and its zone said aloud, and what is done with the whole of it. */
export function LogHead() {
  const { answered, window, pending, refresh } = useLog()
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
              onClick={refresh}
            >
              <RotateCw aria-hidden="true" className="text-muted-foreground" />
            </Button>
            <ExportButton />
          </>
        }
      />
      <p className="text-muted-foreground text-pretty">{describeWindow(answered, window)}</p>
    </div>
  )
}
