"use client"

import { X } from "lucide-react"
import type * as Radix from "radix-ui/dialog"
import type { ComponentProps, ReactNode } from "react"
import { Button } from "./button"
import { cn } from "./cn"
import { Dialog, DialogClose, DialogTrigger, overlayLook, useDialogDemand } from "./dialog"

export const Sheet = Dialog
export const SheetTrigger = DialogTrigger
export const SheetClose = DialogClose

const sides = {
  left: "left-0 border-r data-[state=open]:animate-slide-left",
  right: "right-0 border-l data-[state=open]:animate-slide-right",
} as const

export interface SheetContentProps extends Omit<ComponentProps<typeof Radix.Content>, "title"> {
  readonly side?: keyof typeof sides
  readonly title: ReactNode
  /** Keeps the title for screen readers only, when the content shows one itself. */
  readonly titleHidden?: boolean
}

/** A modal panel at the edge of a narrow screen. Set the width with `className`; it is never wider than the screen. */
export function SheetContent({
  side = "right",
  title,
  titleHidden,
  className = "w-80",
  children,
  ...props
}: SheetContentProps) {
  const { module } = useDialogDemand()
  if (!module) return null
  return (
    <module.Portal>
      <module.Overlay className={overlayLook} />
      <module.Content
        aria-describedby={undefined}
        className={cn(
          "fixed inset-y-0 z-50 flex max-w-full flex-col bg-popover shadow-dialog outline-none data-[state=closed]:animate-vanish",
          sides[side],
          className,
        )}
        {...props}
      >
        <module.Title
          className={
            titleHidden ? "sr-only" : "flex h-header shrink-0 items-center px-4 text-base font-semibold"
          }
        >
          {title}
        </module.Title>
        {children}
        {/* Last in order, so that the focus enters at the content. */}
        <module.Close asChild>
          <Button variant="ghost" size="icon-sm" aria-label="Close" className="absolute! top-2.5 right-2.5">
            <X aria-hidden="true" />
          </Button>
        </module.Close>
      </module.Content>
    </module.Portal>
  )
}
