import type { ComponentProps } from "react"
import { cn } from "./cn"
import { controlLook } from "./input"

/** A text box of several lines, which can be resized vertically. */
export function Textarea({ className, rows = 3, ...props }: ComponentProps<"textarea">) {
  return (
    <textarea
      rows={rows}
      className={cn(
        controlLook,
        "read-only:bg-muted block w-full min-w-0 resize-y px-2.5 py-1.5 pointer-coarse:text-lg",
        className,
      )}
      {...props}
    />
  )
}
