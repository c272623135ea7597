import type { ReactNode } from "react"
import { cn } from "@/components/ui/cn"

export interface PageProps {
  /** Centred, for pages of forms. */
  readonly narrow?: boolean
  readonly children: ReactNode
}

/** The layout of an ordinary page: its parts one below the other, in a readable width. */
export function Page({ narrow, children }: PageProps) {
  return (
    <div
      className={cn(
        "grid grid-cols-[minmax(0,1fr)] gap-6 px-4 py-6 sm:px-6",
        narrow ? "mx-auto max-w-3xl" : "max-w-6xl",
      )}
    >
      {children}
    </div>
  )
}
