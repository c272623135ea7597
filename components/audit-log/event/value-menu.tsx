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
import { type AuditQuery, onlyValue, type Side, withValue } from "@/lib/audit/query/query"
import { equalTo } from "@/lib/audit/query/value"

/** A filter that a value of an event can be used in. */
export interface ValueFilter {
  readonly field: FieldName
  readonly value: string
}

/** How a value can be used: also included, excluded, or included alone. */
export type ValueUse = Side | "only"

/** Uses a value as a filter: in the log around the panel, or in a link to the log from an event's own page. */
export type AskForValue = (filter: ValueFilter, use: ValueUse) => void

/** Returns the query with the value used that way. */
export function withUse(query: AuditQuery, { field, value }: ValueFilter, use: ValueUse): AuditQuery {
  const compared = equalTo(value)
  return use === "only" ? onlyValue(query, field, compared) : withValue(query, field, compared, use)
}

const Context = createContext<AskForValue | null>(null)

/** Describes the effect of including and excluding a value here. */
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

/** The actions on a value: filter by it alone or in addition, exclude it, copy it. */
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
