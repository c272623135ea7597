import type { ReactNode } from "react"
import { DirectedText } from "@/components/ui/directed-text"

export interface PageHeaderProps {
  readonly title: ReactNode
  /** One sentence about the purpose of the page. */
  readonly description?: ReactNode
  /** Leads back up, above the title. */
  readonly above?: ReactNode
  readonly actions?: ReactNode
}

/** The head of a page: its one h1, its purpose, and its one primary action. */
export function PageHeader({ title, description, above, actions }: PageHeaderProps) {
  return (
    <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="grid min-w-0 gap-0.5">
        {above}
        <h1 className="text-xl font-semibold text-balance wrap-anywhere">
          {typeof title === "string" ? <DirectedText text={title} /> : title}
        </h1>
        {description ? <p className="max-w-prose text-muted-foreground text-pretty">{description}</p> : null}
      </div>
      {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
    </header>
  )
}
