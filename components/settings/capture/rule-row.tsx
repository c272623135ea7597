"use client"

import { ArrowDown, ArrowUp, GripVertical, Pencil, Trash2 } from "lucide-react"
import type { DragEvent, KeyboardEvent } from "react"
import { Badge } from "@/components/ui/badge"
import { Button } from "@/components/ui/button"
import { cn } from "@/components/ui/cn"
import { flagsOfRule } from "@/lib/audit/capture/compile"
import { type WithoutEffect, withoutEffect } from "@/lib/audit/capture/decide"
import { describeRule } from "@/lib/audit/capture/describe"
import type { CapturePolicy, Rule } from "@/lib/audit/capture/policy"
import { EnvironmentNote } from "./locks"
import { counted, listed } from "./words"

/** The control that moved a rule, which gets the focus again. */
export type MovedBy = "handle" | "up" | "down"

interface EditableRow {
  /** In the list of rules. */
  readonly index: number
  readonly isFirst: boolean
  readonly isLast: boolean
  readonly isDragged: boolean
  readonly onMove: (to: number, by: MovedBy) => void
  readonly onEdit: () => void
  readonly onRemove: () => void
  readonly onDrag: (isBegun: boolean) => void
  readonly onDrop: () => void
}

export interface RuleRowProps {
  readonly rule: Rule
  /** Counted from 1. */
  readonly place: number
  readonly policy: CapturePolicy
  /** Calls in 7 days; null while they are not known. */
  readonly matched: number | null
  /** Endpoints that it names and no call of these days had. */
  readonly neverSeen: readonly string[]
  /** Why it can never match; undefined when it can. */
  readonly shadow: string | undefined
  /** Undefined for a rule of the environment. */
  readonly edit: EditableRow | undefined
}

/** One rule: its place, its sentence, how many calls it decided, and the buttons that change it. */
export function RuleRow({ rule, place, policy, matched, neverSeen, shadow, edit }: RuleRowProps) {
  const idle = idleFlags(rule, policy)
  return (
    <li
      onDragOver={edit ? event => event.preventDefault() : undefined}
      onDrop={edit?.onDrop}
      className={cn(
        "flex flex-wrap items-start gap-x-2 gap-y-2 px-3 py-2.5 sm:flex-nowrap sm:gap-x-3",
        edit?.isDragged && "bg-accent opacity-60",
      )}
    >
      {edit ? <Handle rule={rule} place={place} edit={edit} /> : <span className="w-6 shrink-0" />}
      <span className="w-5 shrink-0 pt-0.5 text-right text-sm text-muted-foreground">{place}</span>
      <div className="grid min-w-0 flex-1 gap-0.5">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium wrap-anywhere">
          {rule.name}
          {edit ? null : <Badge tone="outline">Environment</Badge>}
          {shadow === undefined ? null : (
            <Badge tone="denied" className="h-auto! py-0.5 whitespace-normal!">
              {shadow}
            </Badge>
          )}
        </p>
        <p className="text-sm text-muted-foreground text-pretty wrap-anywhere">
          {describeRule(rule, policy)}
        </p>
        {idle === null ? null : <p className="text-xs text-denied">{idle}</p>}
        <p className="text-xs text-muted-foreground">
          {matched === null
            ? "Not counted yet."
            : matched === 0
              ? "Matched no call in 7 days."
              : `Matched ${counted(matched, "call")} in 7 days.`}
          {neverSeen.length === 0 ? null : ` No call was to ${listed(neverSeen, "or")}.`}
        </p>
        <EnvironmentNote pointer={`/rules/${place - 1}`} label={rule.name} />
      </div>
      {edit ? <RowButtons rule={rule} edit={edit} /> : null}
    </li>
  )
}

function Handle({
  rule,
  place,
  edit,
}: {
  readonly rule: Rule
  readonly place: number
  readonly edit: EditableRow
}) {
  const { index, onMove, onDrag } = edit
  const press = (event: KeyboardEvent) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return
    event.preventDefault()
    onMove(event.key === "ArrowUp" ? index - 1 : index + 1, "handle")
  }
  const begin = (event: DragEvent<HTMLElement>) => {
    event.dataTransfer.effectAllowed = "move"
    // Firefox drags nothing without data.
    event.dataTransfer.setData("text/plain", rule.name)
    const row = event.currentTarget.closest("li")
    if (row) event.dataTransfer.setDragImage(row, 12, 12)
    onDrag(true)
  }
  return (
    <button
      type="button"
      draggable
      data-moves="handle"
      aria-label={`Move rule ${place}, ${rule.name}: drag it, or press the up and down arrow keys`}
      title="Drag, or press the up and down arrow keys"
      className="grid size-6 shrink-0 cursor-grab place-items-center rounded-sm text-muted-foreground hover:bg-accent active:cursor-grabbing"
      onKeyDown={press}
      onDragStart={begin}
      onDragEnd={() => onDrag(false)}
    >
      <GripVertical aria-hidden="true" className="size-4" />
    </button>
  )
}

function RowButtons({ rule, edit }: { readonly rule: Rule; readonly edit: EditableRow }) {
  const { index, isFirst, isLast, onMove, onEdit, onRemove } = edit
  return (
    <div className="flex shrink-0 max-sm:basis-full max-sm:justify-end">
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label={`Move ${rule.name} up`}
        disabled={isFirst}
        data-moves="up"
        onClick={() => onMove(index - 1, "up")}
      >
        <ArrowUp aria-hidden="true" />
      </Button>
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label={`Move ${rule.name} down`}
        disabled={isLast}
        data-moves="down"
        onClick={() => onMove(index + 1, "down")}
      >
        <ArrowDown aria-hidden="true" />
      </Button>
      <Button variant="ghost" size="icon-sm" aria-label={`Edit ${rule.name}`} onClick={onEdit}>
        <Pencil aria-hidden="true" />
      </Button>
      <Button variant="ghost" size="icon-sm" aria-label={`Remove ${rule.name}`} onClick={onRemove}>
        <Trash2 aria-hidden="true" />
      </Button>
    </div>
  )
}

const reasons: Readonly<Record<WithoutEffect["because"], string>> = {
  call: "the call is not recorded",
  "categories.data": "the part “Bodies” is off",
  "categories.result": "the part “Result” is off",
}

/** Returns the sentence about flags that the rule sets and that record nothing; null when there are none. */
function idleFlags(rule: Rule, policy: CapturePolicy): string | null {
  const idle = withoutEffect(policy, flagsOfRule(rule, policy.default)).filter(({ flag }) => rule.then[flag])
  if (idle.length === 0) return null
  const names = idle.map(({ flag }) => (flag === "data" ? "request data" : "response data"))
  const because = [...new Set(idle.map(one => reasons[one.because]))]
  return `What it says about ${listed(names, "and")} has no effect: ${listed(because, "and")}.`
}
