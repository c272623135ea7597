"use client"

import { useAccess } from "@/components/audit-log/access-context"
import { StatusMark } from "@/components/audit-log/values/status-mark"
import { ValueText } from "@/components/audit-log/values/value-text"
import type { ComboboxOption } from "@/components/ui/combobox-list"
import { statuses } from "@/lib/audit/event/event"
import { type FieldName, fields } from "@/lib/audit/query/fields"
import { type Choice, countedEvents } from "@/lib/audit/store"
import { Frequency } from "./frequency"
import { useChoices } from "./use-choices"
import { verbOptions } from "./verb-options"

export interface Options {
  readonly options: readonly ComboboxOption[]
  readonly loading: boolean
  readonly note: string | null
}

/** The store returns at most this many. */
const mostChoices = 200

const numbers = new Intl.NumberFormat("en")

const statusOptions: readonly ComboboxOption[] = statuses.map(status => ({
  value: status,
  label: <StatusMark status={status} />,
}))

/**
 * The options of a field's list: the closed list, the organization's apps, or the values that occur among the events of the
 * query.
 */
export function useOptions(field: FieldName, typed: string, open: boolean): Options {
  const { apps } = useAccess()
  const asks = fields[field].suggested
  const { choices, counted, whole, loading, failure } = useChoices(field, typed, open && asks)
  if (field === "status") return { options: statusOptions, loading: false, note: null }
  if (field === "app") {
    const options = apps.map(app => ({
      value: app.slug,
      label: <ValueText text={app.name} truncate />,
      hint: app.name === app.slug ? undefined : app.slug,
      searchText: `${app.name} ${app.slug}`,
    }))
    return { options, loading: false, note: null }
  }
  if (!asks) return { options: [], loading: false, note: null }
  const verbs = field === "operation" ? verbOptions(choices, typed) : []
  const offered = new Set(verbs.map(verb => verb.value))
  const options = [...verbs, ...choices.filter(({ value }) => !offered.has(value)).map(optionOf)]
  if (failure) return { options, loading, note: failure.message }
  return { options, loading, note: choices.length === 0 ? null : noteOf(choices.length, counted, whole) }
}

function optionOf({ value, label, count }: Choice): ComboboxOption {
  return {
    value,
    label: <ValueText text={label ?? value} truncate />,
    searchText: label ? `${label} ${value}` : value,
    hint: (
      <>
        {label && label !== value ? <ShortValue value={value} /> : null}
        {count === null ? null : <Frequency count={count} />}
      </>
    ),
  }
}

/** Which events were counted, when there are more than that. */
function newestOf(counted: number, number: string): string {
  const newest = `the newest ${numbers.format(countedEvents)} events`
  return counted < countedEvents ? `${number} of ${newest}` : newest
}

/** Explains what the numbers beside the values count, and whether there are more values. */
function noteOf(shown: number, counted: number, whole: boolean): string {
  const number = numbers.format(counted)
  const events = whole ? `${number} ${counted === 1 ? "event" : "events"}` : newestOf(counted, number)
  const counts = `Newest first, counted in ${events}`
  return shown >= mostChoices ? `The first ${mostChoices}; type to narrow. ${counts}` : counts
}

function ShortValue({ value }: { readonly value: string }) {
  return (
    <span className="inline-block max-w-28 truncate font-data align-bottom">
      <ValueText text={value} />
    </span>
  )
}
