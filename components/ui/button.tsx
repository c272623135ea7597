import type { VariantProps } from "class-variance-authority"
import { Slot } from "radix-ui/slot"
import type { ComponentProps } from "react"
import { buttonVariants } from "./button-variants"
import { cn } from "./cn"
import { Spinner } from "./spinner"

export interface ButtonProps extends ComponentProps<"button">, VariantProps<typeof buttonVariants> {
  /** Applies the look to its one child instead of a <button>. */
  readonly asChild?: boolean
  /** While busy, a spinner replaces the words, the width stays, and further clicks do nothing. */
  readonly pending?: boolean
}

/** A button. It submits nothing unless it has `type="submit"`. */
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
