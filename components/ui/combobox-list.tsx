"use client"

import { Check } from "lucide-react"
import { type ReactNode, useEffect, useRef, useState } from "react"
import { Button } from "./button"
import { cn } from "./cn"
import { Command, CommandInput, CommandItem, CommandList } from "./command"
import { Spinner } from "./spinner"

export interface ComboboxOption {
  readonly value: string
  readonly label: ReactNode
  /** The text that typing is compared with; the value when absent. */
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
  /** Only one choice; choosing closes the list. */
  readonly single?: boolean
  /** Set when the server searches: the list is then shown as it is. */
  readonly onSearchChange?: (text: string) => void
  readonly loading?: boolean
  /** Offers the typed text itself as a value, with these words: text => `Actor id "x"`. */
  readonly customLabel?: (text: string) => ReactNode
  /** Shown under the list: "the first 200 of more; type to narrow", or what failed. */
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
  // The server may find the text in parts that are not visible here; until it responds, the list is filtered here.
  const shown = arrange(options, first, typed, onSearchChange !== undefined && !loading)
  const offersTyped =
    customLabel !== undefined && typed !== "" && !options.some(option => option.value === typed)
  const best = shown[0]?.value ?? (offersTyped ? typed : "")
  const marking = useMarked(best, value => value === typed || shown.some(option => option.value === value))
  const enter = useEnter(loading === true && typed !== "", best, toggle)

  return (
    <Command
      label={label}
      shouldFilter={false}
      loop
      value={marking.marked}
      onValueChange={marking.mark}
      onPointerMoveCapture={marking.notice}
      onKeyDown={event => {
        if (/^(Arrow|Home|End|Page)/.test(event.key)) marking.notice()
        if (event.key !== "Enter" || event.nativeEvent.isComposing || marking.isChosen || !enter.waits) return
        event.preventDefault()
        enter.press()
      }}
    >
      <CommandInput
        autoFocus
        value={search}
        placeholder={props.placeholder ?? `Search ${label.toLowerCase()}`}
        onValueChange={text => {
          setSearch(text)
          marking.forget()
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

/**
 * The highlighted entry: the best match for the typed text, until the reader moves to another one. The list also highlights
 * entries itself, whenever they change; only keys and the pointer count as the reader's choice.
 */
function useMarked(best: string, isShown: (value: string) => boolean) {
  const [chosen, setChosen] = useState<string | null>(null)
  const hasMoved = useRef(false)
  const isChosen = chosen !== null && isShown(chosen)
  return {
    marked: isChosen ? chosen : best,
    isChosen,
    mark: (value: string) => hasMoved.current && setChosen(value),
    notice: () => {
      hasMoved.current = true
    },
    forget: () => {
      hasMoved.current = false
      setChosen(null)
    },
  }
}

/** Enter pressed while a search is pending chooses the first match once it has arrived. */
function useEnter(waits: boolean, best: string, take: (value: string) => void) {
  const [pressed, setPressed] = useState(false)
  useEffect(() => {
    if (!pressed || waits) return
    setPressed(false)
    if (best !== "") take(best)
  }, [pressed, waits, best, take])
  return { waits, press: () => setPressed(true) }
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

/**
 * Returns the options in display order: without a text the chosen ones first, with one only those that contain it, with
 * equal ones and those that begin with it first. All options of a server search are kept.
 */
function arrange(
  options: readonly ComboboxOption[],
  first: readonly string[],
  text: string,
  isSearched: boolean,
): readonly ComboboxOption[] {
  if (text === "") {
    const chosen = options.filter(option => first.includes(option.value))
    return [...chosen, ...options.filter(option => !first.includes(option.value))]
  }
  const needle = text.toLowerCase()
  const ranked = options.map(option => ({ option, rank: rankOf(option, needle) }))
  return ranked
    .filter(({ rank }) => isSearched || rank < noMatch)
    .sort((one, other) => one.rank - other.rank)
    .map(({ option }) => option)
}

const noMatch = 4

/** 0 = equals the text, then: begins with it, has a word that does, contains it. */
function rankOf({ value, searchText }: ComboboxOption, needle: string): number {
  const text = (searchText ?? value).toLowerCase()
  if (value.toLowerCase() === needle || text === needle) return 0
  if (value.toLowerCase().startsWith(needle) || text.startsWith(needle)) return 1
  const place = text.indexOf(needle)
  if (place === -1) return noMatch
  return /[\s._:-]/.test(text.charAt(place - 1)) ? 2 : 3
}
