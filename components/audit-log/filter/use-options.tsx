"use client"

import { useLog } from "@/components/audit-log/log-context"
import { StatusMark } from "@/components/audit-log/values/status-mark"
import { ValueText } from "@/components/audit-log/values/value-text"
import type { ComboboxOption } from "@/components/ui/combobox-list"
import { statuses } from "@/lib/audit/event/event"
import type { FieldName } from "@/lib/audit/query/fields"
import { useChoices } from "./use-choices"

export interface Options {
  readonly options: readonly ComboboxOption[]
  readonly loading: boolean
  readonly note: string | null
}

/** The store gives no more than this many at once. */
const mostChoices = 200

const statusOptions: readonly ComboboxOption[] = statuses.map(status => ({
  value: status,
  label: <StatusMark status={status} />,
}))

/** What a field's list offers: the closed list, the organization's apps, or the values that occur in the window. */
export function useOptions(field: FieldName, typed: string, open: boolean): Options {
  const { apps } = useLog()
  const asks = field === "operation" || field === "actor" || field === "target"
  const { choices, loading, failure } = useChoices(field, typed, open && asks)
  if (field === "status") return { options: statusOptions, loading: false, note: null }
  if (field === "app") {
    const options = apps.map(app => ({
      value: app.slug,
      label: <ValueText text={app.name} />,
      hint: app.name === app.slug ? undefined : app.slug,
      searchText: `${app.name} ${app.slug}`,
    }))
    return { options, loading: false, note: null }
  }
  if (!asks) return { options: [], loading: false, note: null }
  return {
    options: choices.map(({ value, label }) => ({
      value,
      label: <ValueText text={label ?? value} />,
      hint: label && label !== value ? <ShortValue value={value} /> : undefined,
    })),
    loading,
    note: failure ? failure.message : choices.length >= mostChoices ? "The first 200; type to narrow" : null,
  }
}

function ShortValue({ value }: { readonly value: string }) {
  return (
    <span className="inline-block max-w-28 truncate font-data align-bottom">
      <ValueText text={value} />
    </span>
  )
}
