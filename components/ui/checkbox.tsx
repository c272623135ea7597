import type { ComponentProps } from "react"
import { cn } from "./cn"

/** The browser's own check box in our colours; it works in a form without any script. */
export function Checkbox({ className, ...props }: Omit<ComponentProps<"input">, "type">) {
  return (
    <input
      type="checkbox"
      className={cn(
        "tick-box size-4 shrink-0 rounded-sm transition-colors hover:border-foreground/60 not-disabled:cursor-pointer disabled:opacity-50",
        className,
      )}
      {...props}
    />
  )
}
