"use client"

import { FileCheck2, FileJson, FileSpreadsheet, type LucideIcon } from "lucide-react"
import { useState } from "react"
import { useAccess } from "@/components/audit-log/access-context"
import type { EventsView } from "@/components/audit-log/events-context"
import { dataAddress } from "@/components/audit-log/query/address"
import { useLogQuery } from "@/components/audit-log/query-context"
import { exportButtonId } from "@/components/audit-log/shortcuts/targets"
import { FailureNotice } from "@/components/audit-log/states/failure-notice"
import { formatCount } from "@/components/audit-log/table/count-line"
import { ValueText } from "@/components/audit-log/values/value-text"
import { formatInstant, formatOffset } from "@/components/time/format"
import { Alert } from "@/components/ui/alert"
import { Button } from "@/components/ui/button"
import { Dialog, DialogBody, DialogContent, DialogFooter } from "@/components/ui/dialog"
import { describeQuery } from "@/lib/audit/query/describe"
import type { Window } from "@/lib/audit/query/selection"
import { addMicroseconds } from "@/lib/audit/time/instant"
import type { ExportFormat } from "./row-count"
import { type ExportState, useExport } from "./use-export"

export interface ExportDialogProps {
  readonly events: EventsView
  readonly onClose: () => void
}

/** The content of the file in words, the choice of the format, and then the progress. */
export default function ExportDialog({ events, onClose }: ExportDialogProps) {
  const { slug } = useLogQuery()
  const [format, setFormat] = useState<ExportFormat>("csv")
  const { state, start, cancel } = useExport()
  const begin = () => start(dataAddress(slug, "export", events.first.fixed, { format }), format)
  const running = state.stage === "running"
  // The messages about one file do not apply to the other, which can be exported from here too.
  const choose = (next: ExportFormat) => {
    setFormat(next)
    cancel()
  }
  return (
    <Dialog open onOpenChange={open => (open ? undefined : onClose())}>
      <DialogContent
        title="Export the audit log"
        description="Exactly the events of this view, all of them, as of the moment it was opened."
        // A click outside of the dialog must not cancel a running export.
        onCloseAutoFocus={event => {
          event.preventDefault()
          document.getElementById(exportButtonId)?.focus()
        }}
        onInteractOutside={event => (running ? event.preventDefault() : undefined)}
      >
        <DialogBody>
          <Contents events={events} />
          <FormatChoice format={format} onChoose={choose} disabled={running} />
          <Progress state={state} events={events} onRetry={begin} />
        </DialogBody>
        <DialogFooter>
          {running ? (
            <Button onClick={cancel}>Cancel the export</Button>
          ) : (
            <Button onClick={onClose}>{state.stage === "done" ? "Close" : "Cancel"}</Button>
          )}
          {state.stage === "done" ? null : (
            <Button variant="primary" pending={running} onClick={begin}>
              Download
            </Button>
          )}
        </DialogFooter>
      </DialogContent>
    </Dialog>
  )
}

function Contents({ events }: { readonly events: EventsView }) {
  const { answered, window } = useLogQuery()
  const { apps } = useAccess()
  const [range, ...rest] = describeQuery({ ...answered, asOf: null, cursor: null }, apps)
  const { total } = events
  const lines = [range ?? "", ...(window ? [spanOf(window, answered.zone)] : []), ...rest]
  return (
    <section className="rounded-md border bg-muted px-3 py-2.5 text-sm" aria-label="What is exported">
      <ul className="grid gap-0.5">
        {lines.map((line, index) => (
          <li key={line} className={index === 1 ? "font-data text-muted-foreground" : "wrap-anywhere"}>
            <ValueText text={line} />
          </li>
        ))}
        {total ? (
          <li className="font-medium">
            {formatCount(total.count)}
            {total.exact ? "" : "+"} {total.count === 1 ? "event" : "events"}
          </li>
        ) : null}
      </ul>
    </section>
  )
}

function spanOf({ from, before }: Window, zone: string): string {
  const last = addMicroseconds(before, -1)
  return `${formatInstant(from, zone)} to ${formatInstant(last, zone)} ${formatOffset(last, zone)}`
}

interface FormatLook {
  readonly format: ExportFormat
  readonly icon: LucideIcon
  readonly title: string
  readonly words: string
}

const formats: readonly FormatLook[] = [
  {
    format: "csv",
    icon: FileSpreadsheet,
    title: "CSV, a copy for spreadsheets",
    words: "A cell that a spreadsheet would run as a formula begins with an apostrophe. Times are in UTC.",
  },
  {
    format: "jsonl",
    icon: FileJson,
    title: "JSON Lines, the evidence",
    words: "Every event exactly as it is kept, one a line, with its hash. Times are in UTC.",
  },
]

interface FormatChoiceProps {
  readonly format: ExportFormat
  readonly onChoose: (format: ExportFormat) => void
  readonly disabled: boolean
}

function FormatChoice({ format, onChoose, disabled }: FormatChoiceProps) {
  return (
    <fieldset className="grid gap-2" disabled={disabled}>
      <legend className="mb-1.5 text-sm font-medium">Format</legend>
      {formats.map(({ format: offered, icon: Icon, title, words }) => (
        <label
          key={offered}
          className="flex gap-3 rounded-md border px-3 py-2.5 text-sm hover:bg-accent has-checked:border-primary has-checked:bg-primary-soft has-disabled:opacity-60 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-ring"
        >
          <input
            type="radio"
            name="format"
            value={offered}
            checked={format === offered}
            onChange={() => onChoose(offered)}
            className="mt-0.5 size-4 shrink-0 accent-primary outline-none"
          />
          <span className="grid min-w-0 flex-1 gap-0.5">
            <span className="font-medium">{title}</span>
            <span className="text-muted-foreground">{words}</span>
          </span>
          <Icon aria-hidden="true" className="size-5 shrink-0 text-muted-foreground" strokeWidth={1.5} />
        </label>
      ))}
    </fieldset>
  )
}

interface ProgressProps {
  readonly state: ExportState
  readonly events: EventsView
  readonly onRetry: () => void
}

function Progress({ state, events, onRetry }: ProgressProps) {
  const { answered } = useLogQuery()
  const order = answered.order === "oldest" ? "oldest first" : "newest first"
  if (state.stage === "idle") return null
  if (state.stage === "failed") {
    const what = `The export broke off after ${formatCount(state.rows)} rows; nothing was saved`
    return <FailureNotice failure={state.failure} what={what} onRetry={onRetry} />
  }
  if (state.stage === "done") {
    return (
      <Alert tone="success" role="status" title={`${formatCount(state.rows)} rows saved`}>
        <span className="font-data">{state.fileName}</span>, {order}, times in UTC.
      </Alert>
    )
  }
  const { total } = events
  const known = total?.exact ? total.count : undefined
  return (
    <div className="grid gap-1.5" role="status" aria-live="polite">
      <progress
        className="h-1.5 w-full accent-primary"
        aria-label="Export"
        value={known ? Math.min(state.rows, known) : undefined}
        max={known ?? 1}
      />
      <p className="flex items-center gap-2 text-sm tabular-nums">
        <FileCheck2 aria-hidden="true" className="size-4 text-muted-foreground" />
        {formatCount(state.rows)} {total ? `of ${formatCount(total.count)}${total.exact ? "" : "+"} ` : ""}
        rows so far, {order}, times in UTC
      </p>
    </div>
  )
}
