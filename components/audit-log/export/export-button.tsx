"use client"

import { Download } from "lucide-react"
import { useState } from "react"
import { useEvents } from "@/components/audit-log/events-context"
import { dataAddress } from "@/components/audit-log/query/address"
import { useLogQuery } from "@/components/audit-log/query-context"
import { exportButtonId } from "@/components/audit-log/shortcuts/targets"
import { staysOnPage } from "@/components/navigation/stays-on-page"
import { Button } from "@/components/ui/button"
import { lazyPart } from "@/components/ui/lazy-part"

const ExportDialog = lazyPart(() => import("./export-dialog"), { floating: true })

/** Exports the log: a dialog with its progress, or without the page's script a link to the file. */
export function ExportButton() {
  const { slug } = useLogQuery()
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
          {...staysOnPage}
          onPointerEnter={ExportDialog.prepare}
          onFocus={ExportDialog.prepare}
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
        <ExportDialog events={events} onClose={() => setOpen(false)} onGiveUp={() => setOpen(false)} />
      ) : null}
    </>
  )
}
