"use client"

import { ChevronDown } from "lucide-react"
import { useRef, useState } from "react"
import { useNameValue } from "@/components/audit-log/access-context"
import { useLogQuery } from "@/components/audit-log/query-context"
import { ValueText } from "@/components/audit-log/values/value-text"
import { Badge } from "@/components/ui/badge"
import { Button } from "@/components/ui/button"
import { Combobox } from "@/components/ui/combobox"
import type { ComboboxOption } from "@/components/ui/combobox-list"
import { type FieldName, fields } from "@/lib/audit/query/fields"
import { lengthFault } from "@/lib/audit/query/length"
import { withValues } from "@/lib/audit/query/query"
import { spellValue, spellValues } from "@/lib/audit/query/value"
import { useOptions } from "./use-options"

export interface FieldFilterProps {
  readonly field: FieldName
  /** The fault of a value of this field in the url. */
  readonly faultId?: string
}

/** Loaded when a list opens: the catalogue of operations and the parser of ips are not part of the first load. */
const loadParser = () => import("@/lib/audit/query/parse-value")

/** One filter: a button with the number of its values, and the list to choose them from. */
export function FieldFilter({ field, faultId }: FieldFilterProps) {
  const { query, ask } = useLogQuery()
  const nameValue = useNameValue()
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState("")
  const [fault, setFault] = useState<string | null>(null)
  const changed = useRef(false)
  const { label, suggested, choices, hint } = fields[field]
  const values = spellValues(query.include[field])
  const excluded = spellValues(query.exclude[field])
  const suggestions = useOptions(field, typed, open)

  const known = new Set(suggestions.options.map(option => option.value))
  const others: readonly ComboboxOption[] = [...values, ...excluded]
    .filter(value => !known.has(value) && value.includes(typed))
    .map(value => ({ value, label: <ValueText text={nameValue(field, value)} /> }))
  const options = [...others, ...suggestions.options].map(option =>
    excluded.includes(option.value) ? { ...option, hint: "excluded" } : option,
  )

  const change = async (next: readonly string[]) => {
    const parser = await loadParser().catch(() => null)
    if (parser === null) {
      setFault("The value could not be checked, because a part of the page did not load. Choose it again.")
      return
    }
    const read = next.map(value => parser.parseValue(field, value))
    const wrong = read.findIndex(result => "fault" in result)
    if (wrong !== -1) {
      const result = read[wrong]
      setFault(result && "fault" in result ? `“${next[wrong]}” ${result.fault}` : null)
      return
    }
    setFault(null)
    const parsed = read.flatMap(result => ("value" in result ? [result.value] : []))
    // An included value is no longer excluded: a value is on one side only.
    const spelled = spellValues(parsed)
    const stillExcluded = (query.exclude[field] ?? []).filter(value => !spelled.includes(spellValue(value)))
    const included = withValues(query, field, parsed, "include")
    const filtered = withValues(included, field, stillExcluded, "exclude")
    const tooLong = parsed.length > values.length ? lengthFault(filtered) : null
    if (tooLong !== null) return setFault(`One more value ${tooLong}.`)
    ask(filtered, changed.current ? "replace" : "push")
    changed.current = true
  }

  return (
    <Combobox
      label={label}
      placeholder={choices || field === "app" ? `Find ${label.toLowerCase()}` : hint}
      options={options}
      values={values}
      onValuesChange={next => void change(next)}
      onOpenChange={next => {
        setOpen(next)
        if (next) loadParser().catch(() => undefined)
        setTyped("")
        setFault(null)
        changed.current = false
      }}
      onSearchChange={
        suggested
          ? text => {
              setTyped(text)
              setFault(null)
            }
          : undefined
      }
      loading={suggestions.loading}
      customLabel={choices || field === "app" ? undefined : text => `${label} “${text}”`}
      note={fault ?? suggestions.note}
      emptyText={suggested ? "None among these events" : undefined}
    >
      <Button
        aria-invalid={faultId ? true : undefined}
        aria-describedby={faultId}
        className="aria-invalid:border-failure"
      >
        {label}
        <Count count={values.length + excluded.length} />
        <ChevronDown aria-hidden="true" className="-mr-1 size-3.5 text-muted-foreground" />
      </Button>
    </Combobox>
  )
}

function Count({ count }: { readonly count: number }) {
  if (count === 0) return null
  return (
    <Badge tone="primary" className="-my-1">
      {count}
      <span className="sr-only">chosen</span>
    </Badge>
  )
}
