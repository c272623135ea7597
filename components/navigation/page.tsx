import type { ReactNode } from "react"
import { cn } from "@/components/ui/cn"

export interface PageProps {
  /** For pages of forms, which stand in the middle. */
  readonly narrow?: boolean
  readonly children: ReactNode
}

/** The room of an ordinary page: its parts below each other, not wider than can be read. */
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
