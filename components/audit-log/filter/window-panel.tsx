"use client"

import { useId, useState } from "react"
import { Button } from "@/components/ui/button"
import { Checkbox } from "@/components/ui/checkbox"
import { Field } from "@/components/ui/field"
import { Input } from "@/components/ui/input"
import { Label } from "@/components/ui/label"
import { lazyPart } from "@/components/ui/lazy-part"
import { Skeleton } from "@/components/ui/skeleton"
import { type AuditQuery, withWindow } from "@/lib/audit/query/query"
import { instantFromDate } from "@/lib/audit/time/instant"
import { isPreset, parseTypedTime, presets, type QueryWindow, resolveWindow } from "@/lib/audit/time/window"
import { type DraftFault, draftOf, readDraft } from "./window-draft"

const Calendar = lazyPart(() => import("./calendar"), {
  fallback: <Skeleton className="h-72 w-full min-w-64" />,
})

export interface WindowPanelProps {
  readonly query: AuditQuery
  readonly onAsk: (query: AuditQuery) => void
}

/** The choice of a time range: by name, by two typed ends, or by two days of a calendar. */
export default function WindowPanel({ query, onAsk }: WindowPanelProps) {
  const excludeId = useId()
  const [first] = useState(() => draftOf(query, instantFromDate(new Date())))
  const [draft, setDraft] = useState(first)
  const [excludeToday, setExcludeToday] = useState(query.excludeToday)
  const [faults, setFaults] = useState<readonly DraftFault[]>([])
  const faultOf = (end: DraftFault["end"]) => faults.find(fault => fault.end === end)?.message

  const askWindow = (window: QueryWindow) => {
    const next = withWindow(query, window)
    // "Today" without today is empty: the range that was just chosen takes precedence.
    onAsk({ ...next, excludeToday: excludeToday && leavesTime(next, true) })
  }
  const apply = () => {
    // "Last 30 days" stays relative until its ends are edited.
    if (draft.from === first.from && draft.to === first.to) {
      askWindow(query.window)
      return
    }
    const read = readDraft(draft, query.zone, excludeToday, instantFromDate(new Date()))
    if ("faults" in read) setFaults(read.faults)
    else onAsk({ ...withWindow(query, read.window), excludeToday })
  }
  const type = (end: "from" | "to") => (text: string) => {
    setDraft({ ...draft, [end]: text })
    setFaults(faults.filter(fault => fault.end !== end))
  }

  return (
    <div className="flex flex-col sm:flex-row">
      <PresetList chosen={query.window} onChoose={askWindow} />
      <form
        noValidate
        className="grid gap-3 p-3"
        onSubmit={event => {
          event.preventDefault()
          apply()
        }}
      >
        {/* As wide as the rest of the panel: a fault below a field wraps and does not widen it. */}
        <div className="grid w-0 min-w-full grid-cols-2 gap-3">
          <TimeInput label="From" value={draft.from} onType={type("from")} error={faultOf("from")} />
          <TimeInput label="To, included" value={draft.to} onType={type("to")} error={faultOf("to")} />
        </div>
        <Calendar
          zone={query.zone}
          from={draft.from}
          to={draft.to}
          onChoose={(from, to) => {
            setDraft({ from, to })
            setFaults([])
          }}
        />
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <span className="flex min-h-6 items-center gap-2">
            <Checkbox
              id={excludeId}
              checked={excludeToday}
              onChange={event => setExcludeToday(event.target.checked)}
            />
            <Label htmlFor={excludeId} className="font-normal!">
              Exclude today
            </Label>
          </span>
          <span className="text-xs text-muted-foreground">
            Days begin in {query.zone.replaceAll("_", " ")}
          </span>
          <Button type="submit" variant="primary" className="ml-auto">
            Apply
          </Button>
        </div>
      </form>
    </div>
  )
}

interface PresetListProps {
  readonly chosen: QueryWindow
  readonly onChoose: (window: QueryWindow) => void
}

function PresetList({ chosen, onChoose }: PresetListProps) {
  const entries = [
    ...Object.entries(presets).flatMap(([name, { label }]) =>
      isPreset(name) ? [{ name, label, window: { kind: "preset", preset: name } satisfies QueryWindow }] : [],
    ),
    { name: "all", label: "All time", window: { kind: "all" } satisfies QueryWindow },
  ]
  const isChosen = (name: string) =>
    chosen.kind === "preset" ? chosen.preset === name : chosen.kind === name
  return (
    <ul className="grid grid-cols-2 border-b p-1.5 sm:w-40 sm:shrink-0 sm:grid-cols-1 sm:content-start sm:border-r sm:border-b-0">
      {entries.map(({ name, label, window }) => (
        <li key={name}>
          <Button
            variant="ghost"
            size="sm"
            aria-pressed={isChosen(name)}
            className="w-full justify-start! font-normal! aria-pressed:bg-primary-soft aria-pressed:text-link"
            onClick={() => onChoose(window)}
          >
            {label}
          </Button>
        </li>
      ))}
    </ul>
  )
}

interface TimeInputProps {
  readonly label: string
  readonly value: string
  readonly onType: (text: string) => void
  readonly error: string | undefined
}

function TimeInput({ label, value, onType, error }: TimeInputProps) {
  const typed = parseTypedTime(value.trim())
  return (
    // The space for a fault is reserved: nothing moves under the pointer.
    <Field label={label} error={error} className="min-h-24 content-start">
      {control => (
        <Input
          {...control}
          value={value}
          onChange={event => onType(event.target.value)}
          placeholder={label === "From" ? "beginning" : "now"}
          autoComplete="off"
          spellCheck={false}
          title={typed ? undefined : "2026-03-31, 2026-03, or 2026-03-31 14:05"}
          className="font-data"
        />
      )}
    </Field>
  )
}

function leavesTime(query: AuditQuery, excludeToday: boolean): boolean {
  const { window, zone } = query
  return resolveWindow(window, { zone, excludeToday, now: instantFromDate(new Date()) }) !== null
}
