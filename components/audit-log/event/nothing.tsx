import type { ReactNode } from "react"

/** Says that a part of an event is empty, and perhaps why. */
export function Nothing({ children }: { readonly children: ReactNode }) {
  return <p className="py-6 text-center text-sm text-muted-foreground">{children}</p>
}
