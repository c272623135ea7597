"use client"

import { Check } from "lucide-react"
import { type ReactNode, useState } from "react"
import { Button } from "./button"
import { cn } from "./cn"
import { Command, CommandInput, CommandItem, CommandList } from "./command"
import { Spinner } from "./spinner"

export interface ComboboxOption {
  readonly value: string
  readonly label: ReactNode
  /** What typing is compared with; the value when absent. */
  readonly searchText?: string
  /** Small, at the end of the line. */
  readonly hint?: ReactNode
}

export interface ComboboxListProps {
  /** What is being chosen: "Operation". */
  readonly label: string
  readonly placeholder?: string
  readonly options: readonly ComboboxOption[]
  readonly values: readonly string[]
  readonly onValuesChange: (values: readonly string[]) => void
  /** One choice only; choosing closes. */
  readonly single?: boolean
  /** Given when somebody else (the server) searches: the list is then shown as it is. */
  readonly onSearchChange?: (text: string) => void
  readonly loading?: boolean
  /** Offers the typed text itself as a value, with these words: text => `Actor id "x"`. */
  readonly customLabel?: (text: string) => ReactNode
  /** Said under the list: "the first 200 of more; type to narrow", or what failed. */
  readonly note?: ReactNode
  readonly emptyText?: string
  readonly onDone: () => void
}

/** The list inside a Combobox; chosen values come first, as they were when it was opened. */
export default function ComboboxList(props: ComboboxListProps) {
  const { label, values, options, single, onValuesChange, onSearchChange, loading, customLabel, onDone } =
    props
  const [search, setSearch] = useState("")
  const [first] = useState(values)

  const toggle = (value: string) => {
    if (single) {
      onValuesChange([value])
      onDone()
      return
    }
    onValuesChange(values.includes(value) ? values.filter(other => other !== value) : [...values, value])
  }
  const typed = search.trim()
  const shown = arrange(options, first, onSearchChange ? "" : typed)
  const offersTyped =
    customLabel !== undefined && typed !== "" && !options.some(option => option.value === typed)

  return (
    <Command label={label} shouldFilter={false} loop>
      <CommandInput
        autoFocus
        value={search}
        placeholder={props.placeholder ?? `Search ${label.toLowerCase()}`}
        onValueChange={text => {
          setSearch(text)
          onSearchChange?.(text.trim())
        }}
      />
      <CommandList aria-label={label} aria-busy={loading} aria-multiselectable={single ? undefined : true}>
        {shown.map(option => (
          <CommandItem key={option.value} value={option.value} onSelect={() => toggle(option.value)}>
            <Mark checked={values.includes(option.value)} />
            <span className="min-w-0 flex-1 truncate">{option.label}</span>
            {option.hint ? (
              <span className="shrink-0 text-xs text-muted-foreground">{option.hint}</span>
            ) : null}
          </CommandItem>
        ))}
        {offersTyped ? (
          <CommandItem value={typed} onSelect={() => toggle(typed)}>
            <Mark checked={values.includes(typed)} />
            <span className="min-w-0 flex-1 truncate">{customLabel(typed)}</span>
          </CommandItem>
        ) : null}
        {shown.length === 0 && !offersTyped && !loading ? (
          <p className="px-2 py-6 text-center text-sm text-muted-foreground">
            {props.emptyText ?? "Nothing matches"}
          </p>
        ) : null}
      </CommandList>
      <Foot
        loading={loading}
        note={props.note}
        count={single ? 0 : values.length}
        onClear={() => onValuesChange([])}
      />
    </Command>
  )
}

function Mark({ checked }: { readonly checked: boolean }) {
  return (
    <span className="grid size-4 shrink-0 place-items-center">
      {checked ? <Check aria-hidden="true" className="text-link" /> : null}
      <span className="sr-only">{checked ? "chosen" : ""}</span>
    </span>
  )
}

interface FootProps {
  readonly loading: boolean | undefined
  readonly note: ReactNode
  readonly count: number
  readonly onClear: () => void
}

function Foot({ loading, note, count, onClear }: FootProps) {
  if (!loading && !note && count === 0) return null
  return (
    <div className="flex min-h-9 items-center gap-2 border-t px-3 py-1 text-xs text-muted-foreground">
      {loading ? <Spinner className="size-3.5" /> : null}
      <span className={cn("min-w-0 flex-1", loading && !note && "truncate")}>
        {note ?? (loading ? "Searching" : "")}
      </span>
      {count > 0 ? (
        <Button variant="ghost" size="xs" onClick={onClear}>
          Clear {count}
        </Button>
      ) : null}
    </div>
  )
}

/** Promise: chosen ones first, then the rest in their order; with a text, only those that hold it. */
function arrange(
  options: readonly ComboboxOption[],
  first: readonly string[],
  text: string,
): readonly ComboboxOption[] {
  const needle = text.toLowerCase()
  const matching =
    needle === ""
      ? options
      : options.filter(option => (option.searchText ?? option.value).toLowerCase().includes(needle))
  const chosen = matching.filter(option => first.includes(option.value))
  return [...chosen, ...matching.filter(option => !first.includes(option.value))]
}
