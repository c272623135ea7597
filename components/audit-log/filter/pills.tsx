"use client"

import { X } from "lucide-react"
import type { ReactNode } from "react"
import { useNameValue } from "@/components/audit-log/access-context"
import { type Condition, conditionsOf } from "@/components/audit-log/query/words"
import { useLogQuery } from "@/components/audit-log/query-context"
import { focusSearchBox } from "@/components/audit-log/shortcuts/targets"
import { truncateMiddle } from "@/components/audit-log/values/middle"
import { statusWord } from "@/components/audit-log/values/status-mark"
import { ValueText } from "@/components/audit-log/values/value-text"
import { visibleText } from "@/components/audit-log/values/visible"
import { Button } from "@/components/ui/button"
import { cn } from "@/components/ui/cn"
import { statuses } from "@/lib/audit/event/event"
import { fields } from "@/lib/audit/query/fields"
import { clearFilters, hasFilters, withoutValue, withText, withValue } from "@/lib/audit/query/query"

const longestShown = 40

/** The filter values, each with a button to remove it and a switch between "is" and "is not". */
export function Pills({ centred }: { readonly centred?: boolean }) {
  const { query, ask } = useLogQuery()
  if (!hasFilters(query)) return null
  return (
    <div className={cn("flex flex-wrap items-center gap-1.5", centred && "justify-center")}>
      <ul aria-label="Filters in force" className="contents">
        {conditionsOf(query).map(condition => (
          <ConditionPill key={`${condition.field} ${condition.value}`} {...condition} />
        ))}
        {query.text === null ? null : (
          <Pill name={`text “${visibleText(query.text)}”`} onRemove={() => ask(withText(query, null))}>
            <span className="text-muted-foreground">Text holds</span>
            <span className="min-w-0 truncate font-medium">
              <ValueText text={truncateMiddle(query.text, longestShown)} />
            </span>
          </Pill>
        )}
      </ul>
      <Button
        variant="ghost"
        size="sm"
        onClick={() => {
          focusSearchBox()
          ask(clearFilters(query))
        }}
      >
        Clear all
      </Button>
    </div>
  )
}

function ConditionPill(condition: Condition) {
  const { field, side, value, compared } = condition
  const { query, ask } = useLogQuery()
  const nameValue = useNameValue()
  const shown = field === "status" ? statusName(value) : nameValue(field, value)
  const label = fields[field].label
  const included = side === "include"
  return (
    <Pill
      name={`${label} ${included ? "is" : "is not"} ${visibleText(shown)}`}
      onRemove={() => ask(withoutValue(query, field, compared))}
    >
      <span className="text-muted-foreground">{label}</span>
      <button
        type="button"
        title={included ? "Exclude it instead" : "Include it instead"}
        aria-label={`${label} ${included ? "is" : "is not"} ${visibleText(shown)}: ${included ? "exclude" : "include"} it instead`}
        onClick={() => ask(withValue(query, field, compared, included ? "exclude" : "include"))}
        className={
          included
            ? "h-6 min-w-6 rounded-sm px-1 text-link hover:bg-accent"
            : "h-6 min-w-6 rounded-sm bg-failure-soft px-1 font-medium whitespace-nowrap text-failure hover:bg-accent"
        }
      >
        {included ? "is" : "is not"}
      </button>
      <span
        title={visibleText(value)}
        className={
          field === "app" || field === "status"
            ? "min-w-0 truncate font-medium"
            : "min-w-0 truncate font-data font-medium"
        }
      >
        <ValueText text={truncateMiddle(shown, longestShown)} />
      </span>
    </Pill>
  )
}

interface PillProps {
  readonly name: string
  readonly onRemove: () => void
  readonly children: ReactNode
}

function Pill({ name, onRemove, children }: PillProps) {
  return (
    <li className="flex h-7 max-w-full min-w-0 items-center gap-1 rounded-md border bg-card pr-0.5 pl-2 text-sm">
      {children}
      <Button
        variant="ghost"
        size="icon-xs"
        aria-label={`Remove the filter ${name}`}
        title="Remove"
        onClick={event => {
          focusNeighbour(event.currentTarget)
          onRemove()
        }}
      >
        <X aria-hidden="true" className="text-muted-foreground" />
      </Button>
    </li>
  )
}

/** The pill is about to disappear: the focus moves to the next one, or to the previous one, or to the text box. */
function focusNeighbour(button: HTMLButtonElement): void {
  const pill = button.closest("li")
  const neighbour = pill?.nextElementSibling ?? pill?.previousElementSibling
  const next = neighbour?.querySelector<HTMLElement>("button:last-child")
  if (next) next.focus()
  else focusSearchBox()
}

function statusName(value: string): string {
  const status = statuses.find(known => known === value)
  return status ? statusWord(status) : value
}
