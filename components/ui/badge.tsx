import { cva, type VariantProps } from "class-variance-authority"
import type { ComponentProps } from "react"
import { cn } from "./cn"

const badgeVariants = cva(
  "inline-flex h-5 max-w-full shrink-0 items-center gap-1 rounded-sm px-1.5 text-xs font-medium align-middle whitespace-nowrap [&_svg]:size-3.5 [&_svg]:shrink-0",
  {
    variants: {
      tone: {
        neutral: "bg-accent text-foreground",
        outline: "border text-muted-foreground",
        primary: "bg-primary-soft text-link",
        success: "bg-success-soft text-success",
        failure: "bg-failure-soft text-failure",
        denied: "bg-denied-soft text-denied",
        unknown: "bg-unknown-soft text-unknown",
      },
    },
    defaultVariants: { tone: "neutral" },
  },
)

/** A word or two about a thing. Colour repeats what the word (and an icon) already says. */
export function Badge({
  tone,
  className,
  ...props
}: ComponentProps<"span"> & VariantProps<typeof badgeVariants>) {
  return <span className={cn(badgeVariants({ tone }), className)} {...props} />
}
