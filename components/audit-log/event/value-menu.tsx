"use client"

import { Copy, EllipsisVertical, Focus, ListFilter, ListX } from "lucide-react"
import { createContext, type ReactNode, use } from "react"
import { visibleText } from "@/components/audit-log/values/visible"
import { Button } from "@/components/ui/button"
import { writeClipboard } from "@/components/ui/copy-button"
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu"
import { toast } from "@/components/ui/toast"
import type { FieldName } from "@/lib/audit/query/fields"
import { onlyValue, type Question, type Side, withValue } from "@/lib/audit/query/question"

/** A filter that a value can become. */
export interface ValueFilter {
  readonly field: FieldName
  readonly value: string
}

/** What can become of a value: one more that is asked for or against, or the only one. */
export type ValueUse = Side | "only"

/** Uses a value: in the log around the panel, or on the way to the log from an event's own page. */
export type AskForValue = (filter: ValueFilter, use: ValueUse) => void

/** Returns the question with the value used that way. */
export function withUse(question: Question, { field, value }: ValueFilter, use: ValueUse): Question {
  return use === "only" ? onlyValue(question, field, value) : withValue(question, field, value, use)
}

const Context = createContext<AskForValue | null>(null)

/** Says what including and excluding a value does here. */
export function ValueMenuProvider({
  ask,
  children,
}: {
  readonly ask: AskForValue
  readonly children: ReactNode
}) {
  return <Context value={ask}>{children}</Context>
}

export interface ValueMenuProps {
  /** What the value is: "Actor". */
  readonly label: string
  readonly copy: string
  readonly filter?: ValueFilter
}

/** What can be done with a value: filter by it alone or too, filter it out, copy it. */
export function ValueMenu({ label, copy, filter }: ValueMenuProps) {
  const ask = use(Context)
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button
          variant="ghost"
          size="icon-xs"
          aria-label={`${label}: filter or copy`}
          className="-my-0.5 opacity-0 transition-opacity group-focus-within/fact:opacity-100 group-hover/fact:opacity-100 focus-visible:opacity-100 aria-expanded:opacity-100 pointer-coarse:opacity-100"
        >
          <EllipsisVertical aria-hidden="true" className="text-muted-foreground" />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end" className="max-w-80">
        <DropdownMenuLabel className="truncate">{visibleText(copy).slice(0, 80)}</DropdownMenuLabel>
        {filter && ask ? (
          <>
            <DropdownMenuItem onSelect={() => ask(filter, "only")}>
              <Focus aria-hidden="true" />
              Only this: no other filter
            </DropdownMenuItem>
            <DropdownMenuItem onSelect={() => ask(filter, "include")}>
              <ListFilter aria-hidden="true" />
              Include: only events with this
            </DropdownMenuItem>
            <DropdownMenuItem onSelect={() => ask(filter, "exclude")}>
              <ListX aria-hidden="true" />
              Exclude: only events without this
            </DropdownMenuItem>
          </>
        ) : null}
        <DropdownMenuItem onSelect={() => copyAloud(copy)}>
          <Copy aria-hidden="true" />
          Copy
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  )
}

async function copyAloud(text: string): Promise<void> {
  const done = await writeClipboard(text)
  toast(done ? "Copied" : "Copying was refused; select the text", done ? "success" : "error")
}
