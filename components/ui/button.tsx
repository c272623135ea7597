import { cva, type VariantProps } from "class-variance-authority"
import { Slot } from "radix-ui/slot"
import type { ComponentProps } from "react"
import { cn } from "./cn"
import { Spinner } from "./spinner"

/** The look of a button, for the rare element that is a button in looks only (a link that leads on). */
export const buttonVariants = cva(
  [
    "relative inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap",
    "transition-colors select-none disabled:pointer-events-none disabled:opacity-50 aria-disabled:pointer-events-none",
    "[&_svg]:pointer-events-none [&_svg]:shrink-0 [&_svg:not([class*=size-])]:size-4",
  ],
  {
    variants: {
      variant: {
        primary: "border-transparent bg-primary text-primary-foreground hover:bg-primary-hover",
        secondary: "border-border bg-card hover:bg-accent aria-expanded:bg-accent",
        ghost: "border-transparent hover:bg-accent aria-expanded:bg-accent",
        destructive:
          "border-transparent bg-destructive text-destructive-foreground hover:bg-destructive-hover",
        link: "border-transparent text-link underline-offset-4 hover:underline",
      },
      size: {
        xs: "h-6 px-2 text-xs [&_svg:not([class*=size-])]:size-3.5",
        sm: "h-7 px-2 text-sm [&_svg:not([class*=size-])]:size-3.5",
        md: "h-8 px-3 text-sm",
        lg: "h-9 px-4 text-base",
        "icon-xs": "size-6 [&_svg:not([class*=size-])]:size-3.5",
        "icon-sm": "size-7 [&_svg:not([class*=size-])]:size-3.5",
        icon: "size-8",
      },
    },
    compoundVariants: [{ variant: "link", className: "px-0" }],
    defaultVariants: { variant: "secondary", size: "md" },
  },
)

export interface ButtonProps extends ComponentProps<"button">, VariantProps<typeof buttonVariants> {
  /** Gives the look to the one child instead of a <button>. */
  readonly asChild?: boolean
  /** At work: a spinner stands in for the words, the width stays, and another press does nothing. */
  readonly pending?: boolean
}

/** A button. It submits nothing unless `type="submit"` is asked for. */
export function Button({ variant, size, asChild, pending, className, children, ...props }: ButtonProps) {
  const look = cn(buttonVariants({ variant, size }), className)
  if (asChild) {
    return (
      <Slot className={look} {...props}>
        {children}
      </Slot>
    )
  }
  if (!pending) {
    return (
      <button type="button" className={look} {...props}>
        {children}
      </button>
    )
  }
  return (
    <button
      type="button"
      className={look}
      {...props}
      aria-disabled="true"
      aria-busy="true"
      onClick={undefined}
    >
      <span className="inline-flex items-center gap-1.5 opacity-0">{children}</span>
      <span className="absolute inset-0 grid place-items-center rounded-[inherit] bg-inherit">
        <Spinner />
      </span>
    </button>
  )
}
