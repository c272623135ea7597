"use client"

import * as Primitive from "radix-ui/tabs"
import type { ComponentProps } from "react"
import { cn } from "./cn"

export const Tabs = Primitive.Root

/** The row of tabs, over a hairline; it scrolls sideways where it does not fit. */
export function TabsList({ className, ...props }: ComponentProps<typeof Primitive.List>) {
  return <Primitive.List className={cn("flex gap-4 overflow-x-auto border-b", className)} {...props} />
}

/** One tab. */
export function TabsTrigger({ className, ...props }: ComponentProps<typeof Primitive.Trigger>) {
  return (
    <Primitive.Trigger
      className={cn(
        "-mb-px h-9 border-b-2 border-transparent text-sm font-medium whitespace-nowrap text-muted-foreground transition-colors",
        "hover:text-foreground focus-visible:outline-offset-[-2px] data-[state=active]:border-primary data-[state=active]:text-foreground",
        className,
      )}
      {...props}
    />
  )
}

/** The content of a tab. */
export function TabsContent({ className, ...props }: ComponentProps<typeof Primitive.Content>) {
  return <Primitive.Content className={className} {...props} />
}
