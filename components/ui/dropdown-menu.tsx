"use client"

import { Check } from "lucide-react"
import * as Primitive from "radix-ui/dropdown-menu"
import type { ComponentProps } from "react"
import { cn } from "./cn"
import { floatingLook } from "./popover"

/** A menu that leaves the rest of the page usable: pressing elsewhere closes it. */
export function DropdownMenu(props: ComponentProps<typeof Primitive.Root>) {
  return <Primitive.Root modal={false} {...props} />
}

export const DropdownMenuTrigger = Primitive.Trigger
export const DropdownMenuGroup = Primitive.Group
export const DropdownMenuRadioGroup = Primitive.RadioGroup

const itemLook =
  "relative flex min-h-7 cursor-default items-center gap-2 rounded-sm px-2 py-1 text-sm outline-none select-none data-disabled:opacity-50 data-highlighted:bg-accent [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted-foreground"

export interface DropdownMenuContentProps extends ComponentProps<typeof Primitive.Content> {
  /** Keeps the list inside the landmark of its trigger; for triggers that no box clips or moves. */
  readonly inPlace?: boolean
}

/** The list of a menu: arrows move, letters jump, Escape closes. */
export function DropdownMenuContent({
  className,
  align = "start",
  sideOffset = 4,
  inPlace,
  ...props
}: DropdownMenuContentProps) {
  const content = (
    <Primitive.Content
      align={align}
      sideOffset={sideOffset}
      collisionPadding={8}
      className={cn(
        floatingLook,
        "max-h-(--radix-dropdown-menu-content-available-height) min-w-44 overflow-y-auto p-1",
        className,
      )}
      {...props}
    />
  )
  return inPlace ? content : <Primitive.Portal>{content}</Primitive.Portal>
}

/** One thing to do or to go to. */
export function DropdownMenuItem({ className, ...props }: ComponentProps<typeof Primitive.Item>) {
  return <Primitive.Item className={cn(itemLook, className)} {...props} />
}

const markedLook = cn(itemLook, "pr-8")

/** One thing that is on or off. */
export function DropdownMenuCheckboxItem({
  className,
  children,
  ...props
}: ComponentProps<typeof Primitive.CheckboxItem>) {
  return (
    <Primitive.CheckboxItem className={cn(markedLook, className)} {...props}>
      {children}
      <Primitive.ItemIndicator className="absolute right-2">
        <Check aria-hidden="true" />
      </Primitive.ItemIndicator>
    </Primitive.CheckboxItem>
  )
}

/** One of several. */
export function DropdownMenuRadioItem({
  className,
  children,
  ...props
}: ComponentProps<typeof Primitive.RadioItem>) {
  return (
    <Primitive.RadioItem className={cn(markedLook, className)} {...props}>
      {children}
      <Primitive.ItemIndicator className="absolute right-2">
        <Check aria-hidden="true" />
      </Primitive.ItemIndicator>
    </Primitive.RadioItem>
  )
}

/** Words over a part of the menu. */
export function DropdownMenuLabel({ className, ...props }: ComponentProps<typeof Primitive.Label>) {
  return <Primitive.Label className={cn("px-2 py-1 text-xs text-muted-foreground", className)} {...props} />
}

/** A hairline between the parts of a menu. */
export function DropdownMenuSeparator({ className, ...props }: ComponentProps<typeof Primitive.Separator>) {
  return <Primitive.Separator className={cn("-mx-1 my-1 h-px bg-border", className)} {...props} />
}
