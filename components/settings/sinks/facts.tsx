import type { ReactNode } from "react"

export interface Fact {
  readonly label: string
  readonly value: ReactNode
  readonly note?: ReactNode
}

/** Labels and their values, one a line. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="grid divide-y rounded-md border text-sm">
      {facts.map(({ label, value, note }) => (
        <div key={label} className="grid gap-x-4 px-3 py-2 sm:grid-cols-[12rem_minmax(0,1fr)]">
          <dt className="text-muted-foreground">{label}</dt>
          <dd className="min-w-0">
            <span className="wrap-anywhere">{value}</span>
            {note ? <span className="block text-xs text-muted-foreground text-pretty">{note}</span> : null}
          </dd>
        </div>
      ))}
    </dl>
  )
}
