import { MoveRight } from "lucide-react"
import { ValueText } from "@/components/audit-log/values/value-text"
import type { JsonValue } from "@/lib/audit/json/value"
import { type Difference, differencesOf } from "./difference"
import { Nothing } from "./nothing"
import type { ShownEvent } from "./shown-event"
import { ValueMenu } from "./value-menu"

/** The differences: one line for each path that changed, none for what stayed the same. */
export function Changes({ shown }: { readonly shown: ShownEvent }) {
  const differences = differencesOf(shown.event.changes)
  if (differences.length === 0) return <Nothing>This event carries no changes.</Nothing>
  return (
    <dl className="divide-y border-b">
      {differences.map((difference, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one path may change twice, and the list never changes
        <div key={index} className="group/fact grid gap-1 py-2.5 text-sm first:pt-0">
          <DifferenceLine difference={difference} />
        </div>
      ))}
    </dl>
  )
}

function DifferenceLine({ difference }: { readonly difference: Difference }) {
  const { path, before, after } = difference
  const name = path === "" ? "whole" : path
  return (
    <>
      <dt className="flex min-h-6 items-start justify-between gap-2">
        <span className="font-data font-medium wrap-anywhere">
          <ValueText text={name} />
        </span>
        <ValueMenu label={name} copy={after === undefined ? write(before) : write(after)} />
      </dt>
      <dd className="grid grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)] items-start gap-2 font-data">
        <Value value={before} word="before" absent="not there" className="bg-failure-soft text-failure" />
        <MoveRight aria-hidden="true" className="mt-1 size-4 text-muted-foreground" />
        <Value value={after} word="after" absent="removed" className="bg-success-soft text-success" />
      </dd>
    </>
  )
}

interface ValueProps {
  readonly value: JsonValue | undefined
  readonly word: string
  readonly absent: string
  readonly className: string
}

function Value({ value, word, absent, className }: ValueProps) {
  if (value === undefined) {
    return <span className="px-1.5 py-0.5 font-sans text-muted-foreground italic">{absent}</span>
  }
  return (
    <span className={`min-w-0 rounded-sm px-1.5 py-0.5 whitespace-pre-wrap wrap-anywhere ${className}`}>
      <span className="sr-only">{word} </span>
      <ValueText text={write(value)} />
    </span>
  )
}

function write(value: JsonValue | undefined): string {
  if (value === undefined) return ""
  return typeof value === "string" ? value : JSON.stringify(value, null, 2)
}
