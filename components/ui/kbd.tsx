import type { ReactNode } from "react"

/** A key of the keyboard. */
export function Kbd({ children }: { readonly children: ReactNode }) {
  return (
    <kbd className="inline-flex h-5 min-w-5 items-center justify-center rounded-sm border bg-muted px-1 text-2xs text-muted-foreground">
      {children}
    </kbd>
  )
}
