import { Search } from "lucide-react"
import { cn } from "./cn"
import { Input } from "./input"

export interface SearchFieldProps {
  /** Describes what is searched; announced, and shown while nothing is typed. */
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly className?: string
}

/** A box that filters the list below it while typing. */
export function SearchField({ label, value, onChange, className }: SearchFieldProps) {
  return (
    <div className={cn("relative min-w-0", className)}>
      <Search
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-muted-foreground"
      />
      <Input
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        autoComplete="off"
        spellCheck={false}
        className="pl-8"
        onChange={event => onChange(event.target.value)}
      />
    </div>
  )
}
