"use client"

import * as Primitive from "radix-ui/popover"
import type { ComponentProps } from "react"
import { cn } from "./cn"

/** The box of everything that floats beside its trigger. */
export const floatingLook =
  "z-50 rounded-md border bg-popover text-foreground shadow-popover data-[state=open]:animate-appear data-[state=closed]:animate-vanish"

export const Popover = Primitive.Root
export const PopoverTrigger = Primitive.Trigger
export const PopoverAnchor = Primitive.Anchor
export const PopoverClose = Primitive.Close

/** What a popover shows. Focus moves in when it opens and back to the trigger when it closes. */
export function PopoverContent({
  className,
  align = "start",
  sideOffset = 4,
  ...props
}: ComponentProps<typeof Primitive.Content>) {
  return (
    <Primitive.Portal>
      <Primitive.Content
        align={align}
        sideOffset={sideOffset}
        collisionPadding={8}
        className={cn(
          floatingLook,
          "max-h-(--radix-popover-content-available-height) overflow-auto outline-none",
          className,
        )}
        {...props}
      />
    </Primitive.Portal>
  )
}
