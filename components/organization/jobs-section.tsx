import type { ReactNode } from "react"

export interface JobsSectionProps {
  readonly children: ReactNode
}

/** The section of the jobs; its table needs the whole width. */
export function JobsSection({ children }: JobsSectionProps) {
  return (
    <section aria-labelledby="jobs" className="grid gap-4 rounded-md border bg-card p-5">
      <div className="grid gap-1">
        <h2 id="jobs" className="font-semibold">
          Jobs
        </h2>
        <p className="text-sm text-muted-foreground text-pretty">
          What the worker of this installation repeats, for all of its organizations. A job is overdue when it
          has not run for five minutes after its time, or keeps failing.
        </p>
      </div>
      {children}
    </section>
  )
}
