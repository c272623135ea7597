import type { PolicyChange } from "./changes"

export interface ChangeListProps {
  readonly changes: readonly PolicyChange[]
  /** Shown when nothing changed. */
  readonly none: string
}

/** The differences between two policies: what was, and what is. */
export function ChangeList({ changes, none }: ChangeListProps) {
  if (changes.length === 0) return <p className="text-sm text-muted-foreground">{none}</p>
  return (
    <dl className="grid divide-y rounded-md border bg-card">
      {changes.map(({ label, before, after }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: several entries may have one label, and none has state
        <div key={index} className="grid gap-1 px-3 py-2 text-sm">
          <dt className="font-medium wrap-anywhere">{label}</dt>
          <dd className="grid gap-1">
            <Side value={before} mark="−" word="Before" className="bg-failure-soft text-failure" />
            <Side value={after} mark="+" word="After" className="bg-success-soft text-success" />
          </dd>
        </div>
      ))}
    </dl>
  )
}

interface SideProps {
  readonly value: string | null
  readonly mark: string
  readonly word: string
  readonly className: string
}

function Side({ value, mark, word, className }: SideProps) {
  if (value === null) return null
  return (
    <span className={`flex min-w-0 gap-2 rounded-sm px-2 py-1 ${className}`}>
      <span aria-hidden="true">{mark}</span>
      <span className="sr-only">{word}: </span>
      <span className="min-w-0 whitespace-pre-line wrap-anywhere">{value}</span>
    </span>
  )
}
