import type { LucideIcon } from "lucide-react"
import type { ReactNode } from "react"
import { cn } from "./cn"

export interface EmptyStateProps {
  readonly icon: LucideIcon
  readonly title: string
  readonly className?: string
  /** Level of the heading in its page. */
  readonly level?: 1 | 2 | 3
  readonly actions?: ReactNode
  readonly children?: ReactNode
}

/** Explains why nothing is here and what to do next. */
export function EmptyState({ icon: Icon, title, level = 2, actions, className, children }: EmptyStateProps) {
  const Heading = `h${level}` as const
  return (
    <div className={cn("mx-auto flex max-w-lg flex-col items-center px-4 py-16 text-center", className)}>
      <span className="mb-4 grid size-10 place-items-center rounded-md border bg-card text-muted-foreground">
        <Icon aria-hidden="true" className="size-5" />
      </span>
      <Heading className="text-lg font-semibold text-balance">{title}</Heading>
      {children ? <div className="mt-1 w-full text-muted-foreground text-balance">{children}</div> : null}
      {actions ? (
        <div className="mt-5 flex flex-wrap items-center justify-center gap-2">{actions}</div>
      ) : null}
    </div>
  )
}
