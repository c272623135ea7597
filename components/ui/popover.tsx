"use client"

import type * as Radix from "radix-ui/popover"
import type { ComponentProps, ReactNode } from "react"
import { cn } from "./cn"
import { floatingLook } from "./floating-look"
import { type DemandProps, onDemand, ReadyTrigger } from "./on-demand"

const { Provider, useDemand } = onDemand(() => import("radix-ui/popover"))

/** Something that opens beside its trigger and leaves the rest of the page usable. */
export function Popover({ children, ...props }: DemandProps & { readonly children: ReactNode }) {
  return (
    <Provider {...props}>
      {({ module, open, change }) =>
        module ? (
          <module.Root open={open} onOpenChange={change}>
            {children}
          </module.Root>
        ) : (
          children
        )
      }
    </Provider>
  )
}

/** What opens it. */
export function PopoverTrigger(props: ComponentProps<typeof Radix.Trigger>) {
  const { module, ...demand } = useDemand()
  return module ? <module.Trigger {...props} /> : <ReadyTrigger popup="dialog" demand={demand} {...props} />
}

/** The content of a popover. The focus moves in when it opens and back to the trigger when it closes. */
export function PopoverContent({
  className,
  align = "start",
  sideOffset = 4,
  ...props
}: ComponentProps<typeof Radix.Content>) {
  const { module } = useDemand()
  if (!module) return null
  return (
    <module.Portal>
      <module.Content
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
    </module.Portal>
  )
}
