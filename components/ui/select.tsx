import { ChevronDown } from "lucide-react"
import type { ComponentProps } from "react"
import { cn } from "./cn"
import { controlLook } from "./input"

/** The browser's own select in our look: full keyboard and touch behaviour at no cost. */
export function Select({ className, children, ...props }: ComponentProps<"select">) {
  return (
    <span className={cn("relative inline-flex w-full", className)}>
      <select
        className={cn(controlLook, "h-8 w-full appearance-none pr-8 pl-2.5 pointer-coarse:text-lg")}
        {...props}
      >
        {children}
      </select>
      <ChevronDown
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 right-2.5 size-3.5 -translate-y-1/2 text-muted-foreground"
      />
    </span>
  )
}
