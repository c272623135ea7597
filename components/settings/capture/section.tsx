import type { ReactNode } from "react"

export interface CaptureSectionProps {
  readonly id: string
  readonly title: string
  readonly description?: ReactNode
  /** Actions at the end of the heading's line. */
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** One part of the policy: its name, what it decides, and its controls below. */
export function CaptureSection({ id, title, description, actions, children }: CaptureSectionProps) {
  return (
    <section aria-labelledby={id} className="grid min-w-0 gap-4 rounded-md border bg-card p-4 sm:p-5">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="grid min-w-0 gap-0.5">
          <h2 id={id} className="font-semibold">
            {title}
          </h2>
          {description ? (
            <p className="max-w-prose text-sm text-muted-foreground text-pretty">{description}</p>
          ) : null}
        </div>
        {actions}
      </div>
      {children}
    </section>
  )
}
