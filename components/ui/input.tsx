import type { ComponentProps } from "react"
import { cn } from "./cn"

/** The border, background and states shared by all inputs and selects. */
export const controlLook =
  "rounded-md border border-input bg-card transition-colors focus-inset hover:border-foreground/60 disabled:cursor-not-allowed disabled:opacity-50 aria-invalid:border-failure"

/** A single-line text box. Text has 16 px on touch screens, so that a phone does not zoom the page. */
export function Input({ className, type = "text", ...props }: ComponentProps<"input">) {
  return (
    <input
      type={type}
      className={cn(
        controlLook,
        "read-only:bg-muted h-8 w-full min-w-0 px-2.5 pointer-coarse:text-lg",
        className,
      )}
      {...props}
    />
  )
}
