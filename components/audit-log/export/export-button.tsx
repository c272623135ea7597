"use client"

import { Download } from "lucide-react"
import { lazy, Suspense, useState } from "react"
import { useEvents } from "@/components/audit-log/events-context"
import { useLog } from "@/components/audit-log/log-context"
import { dataAddress } from "@/components/audit-log/question/address"
import { exportButtonId } from "@/components/audit-log/shortcuts/targets"
import { Button } from "@/components/ui/button"

const loadDialog = () => import("./export-dialog")
const ExportDialog = lazy(loadDialog)

/** The way to take the log along: a dialog with its progress, or without the page's script the file itself. */
export function ExportButton() {
  const { slug } = useLog()
  const events = useEvents()
  const [open, setOpen] = useState(false)
  if (!events) return null
  return (
    <>
      <Button variant="primary" asChild>
        <a
          id={exportButtonId}
          href={dataAddress(slug, "export", events.first.fixed, { format: "csv" })}
          download
          aria-haspopup="dialog"
          onPointerEnter={loadDialog}
          onFocus={loadDialog}
          onClick={event => {
            if (event.metaKey || event.ctrlKey || event.shiftKey) return
            event.preventDefault()
            setOpen(true)
          }}
        >
          <Download aria-hidden="true" />
          Export
        </a>
      </Button>
      {open ? (
        <Suspense fallback={null}>
          <ExportDialog events={events} onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  )
}
