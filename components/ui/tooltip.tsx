"use client"

import * as Primitive from "radix-ui/tooltip"
import type { ReactNode } from "react"
import { cn } from "./cn"
import { floatingLook } from "./popover"

export interface TooltipProps {
  readonly content: ReactNode
  readonly side?: "top" | "right" | "bottom" | "left"
  /** One element that can take focus. */
  readonly children: ReactNode
}

/** A short hint beside what is hovered or focused. Never the only place where something is said. */
export function Tooltip({ content, side = "top", children }: TooltipProps) {
  return (
    <Primitive.Provider delayDuration={300} disableHoverableContent>
      <Primitive.Root>
        <Primitive.Trigger asChild>{children}</Primitive.Trigger>
        <Primitive.Portal>
          <Primitive.Content
            side={side}
            sideOffset={6}
            collisionPadding={8}
            className={cn(floatingLook, "max-w-72 px-2 py-1 text-xs text-pretty wrap-anywhere")}
          >
            {content}
          </Primitive.Content>
        </Primitive.Portal>
      </Primitive.Root>
    </Primitive.Provider>
  )
}
