"use client"

import { type ReactNode, useState } from "react"
import type { ComboboxListProps } from "./combobox-list"
import { lazyPart } from "./lazy-part"
import { Popover, PopoverContent, PopoverTrigger } from "./popover"
import { Spinner } from "./spinner"

const ComboboxList = lazyPart(() => import("./combobox-list"), {
  fallback: <Spinner className="m-4 self-center" />,
})

export interface ComboboxProps extends Omit<ComboboxListProps, "onDone"> {
  readonly onOpenChange?: (open: boolean) => void
  readonly align?: "start" | "center" | "end"
  /** The button that opens it: one element, such as a Button that shows what is chosen. */
  readonly children: ReactNode
}

/** Chooses one or several from a searchable list. The list's code is loaded when the pointer or the focus comes near. */
export function Combobox({ children, align = "start", onOpenChange, ...list }: ComboboxProps) {
  const [open, setOpen] = useState(false)
  const change = (next: boolean) => {
    setOpen(next)
    onOpenChange?.(next)
  }
  return (
    <Popover open={open} onOpenChange={change}>
      <PopoverTrigger asChild onPointerEnter={ComboboxList.prepare} onFocus={ComboboxList.prepare}>
        {children}
      </PopoverTrigger>
      <PopoverContent align={align} aria-label={list.label} className="flex w-72 flex-col overflow-hidden">
        <ComboboxList {...list} onDone={() => change(false)} />
      </PopoverContent>
    </Popover>
  )
}
