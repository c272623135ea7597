"use client"

import { Check } from "lucide-react"
import type * as Radix from "radix-ui/dropdown-menu"
import type { ComponentProps, ReactNode } from "react"
import { cn } from "./cn"
import { floatingLook } from "./floating-look"
import { type DemandProps, onDemand, ReadyTrigger } from "./on-demand"

const { Provider, useDemand } = onDemand(() => import("radix-ui/dropdown-menu"))

/** A menu that leaves the rest of the page usable: a click elsewhere closes it. */
export function DropdownMenu({ children, ...props }: DemandProps & { readonly children: ReactNode }) {
  return (
    <Provider {...props}>
      {({ module, open, change }) =>
        module ? (
          <module.Root modal={false} open={open} onOpenChange={change}>
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
export function DropdownMenuTrigger(props: ComponentProps<typeof Radix.Trigger>) {
  const { module, ...demand } = useDemand()
  return module ? <module.Trigger {...props} /> : <ReadyTrigger popup="menu" demand={demand} {...props} />
}

export interface DropdownMenuContentProps extends ComponentProps<typeof Radix.Content> {
  /** Keeps the list inside the landmark of its trigger; for triggers in containers that neither clip nor move it. */
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
  const { module } = useDemand()
  if (!module) return null
  const content = (
    <module.Content
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
  return inPlace ? content : <module.Portal>{content}</module.Portal>
}

const itemLook =
  "relative flex min-h-7 cursor-default items-center gap-2 rounded-sm px-2 py-1 text-sm outline-none select-none data-disabled:opacity-50 data-highlighted:bg-accent [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted-foreground"

/** One action or link. */
export function DropdownMenuItem({ className, ...props }: ComponentProps<typeof Radix.Item>) {
  const { module } = useDemand()
  return module ? <module.Item className={cn(itemLook, className)} {...props} /> : null
}

/** Contains choices of which one is selected. */
export function DropdownMenuRadioGroup(props: ComponentProps<typeof Radix.RadioGroup>) {
  const { module } = useDemand()
  return module ? <module.RadioGroup {...props} /> : null
}

/** One of several. */
export function DropdownMenuRadioItem({
  className,
  children,
  ...props
}: ComponentProps<typeof Radix.RadioItem>) {
  const { module } = useDemand()
  if (!module) return null
  return (
    <module.RadioItem className={cn(itemLook, "pr-8", className)} {...props}>
      {children}
      <module.ItemIndicator className="absolute right-2">
        <Check aria-hidden="true" />
      </module.ItemIndicator>
    </module.RadioItem>
  )
}

/** Words over a part of the menu. */
export function DropdownMenuLabel({ className, ...props }: ComponentProps<typeof Radix.Label>) {
  const { module } = useDemand()
  return module ? (
    <module.Label className={cn("px-2 py-1 text-xs text-muted-foreground", className)} {...props} />
  ) : null
}

/** A hairline between the parts of a menu. */
export function DropdownMenuSeparator({ className, ...props }: ComponentProps<typeof Radix.Separator>) {
  const { module } = useDemand()
  return module ? (
    <module.Separator className={cn("-mx-1 my-1 h-px bg-border", className)} {...props} />
  ) : null
}
