import type { ReactNode } from "react"
import { SearchField } from "@/components/ui/search-field"

export interface ListToolbarProps {
  readonly searchLabel: string
  readonly typed: string
  readonly onType: (typed: string) => void
  /** The one primary action of the list. */
  readonly action?: ReactNode
}

/** The bar above a list: its search at the left, its primary action at the right. */
export function ListToolbar({ searchLabel, typed, onType, action }: ListToolbarProps) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-2">
      <SearchField label={searchLabel} value={typed} onChange={onType} className="w-full sm:w-72" />
      {action}
    </div>
  )
}
