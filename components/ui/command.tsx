"use client"

import { Command as Primitive } from "cmdk"
import { Search } from "lucide-react"
import type { ComponentProps } from "react"
import { cn } from "./cn"

/** A list that is filtered by typing. Heavy: load it lazily, as `Combobox` does. */
export function Command({ className, ...props }: ComponentProps<typeof Primitive>) {
  return <Primitive className={cn("flex min-h-0 flex-col", className)} {...props} />
}

/** The box that filters. */
export function CommandInput({ className, ...props }: ComponentProps<typeof Primitive.Input>) {
  return (
    <div className="flex h-9 shrink-0 items-center gap-2 border-b px-3">
      <Search aria-hidden="true" className="size-3.5 shrink-0 text-muted-foreground" />
      <Primitive.Input
        className={cn(
          "h-full w-full min-w-0 bg-transparent text-sm outline-none pointer-coarse:text-lg",
          className,
        )}
        {...props}
      />
    </div>
  )
}

/** The scrolling list. */
export function CommandList({ className, ...props }: ComponentProps<typeof Primitive.List>) {
  return (
    <Primitive.List className={cn("max-h-72 overflow-y-auto overscroll-contain p-1", className)} {...props} />
  )
}

/** One entry. */
export function CommandItem({ className, ...props }: ComponentProps<typeof Primitive.Item>) {
  return (
    <Primitive.Item
      className={cn(
        "flex min-h-7 cursor-default items-center gap-2 rounded-sm px-2 py-1 text-sm select-none",
        "data-[disabled=true]:opacity-50 data-[selected=true]:bg-accent [&_svg]:size-4 [&_svg]:shrink-0",
        className,
      )}
      {...props}
    />
  )
}
