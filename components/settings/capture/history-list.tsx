import { History } from "lucide-react"
import Link from "next/link"
import { buttonVariants } from "@/components/ui/button-variants"
import { EmptyState } from "@/components/ui/empty-state"
import { OwnTime } from "@/components/zone/own-time"
import type { Change } from "@/lib/audit/event/event"
import { ChangeList } from "./change-list"
import { changesInWords } from "./history"
import { counted } from "./words"

/** A saved version, and what it changed. */
export interface HistoryEntry {
  readonly version: number
  readonly createdAt: string
  /** `type`: a person (`user`), an API key (`api_key`), the server itself (`system`). */
  readonly actor: { readonly type: string; readonly name: string }
  readonly changes: readonly Change[]
}

export interface HistoryListProps {
  readonly entries: readonly HistoryEntry[]
  /** The address of earlier versions; null when there are none. */
  readonly earlier: string | null
}

const ways: Readonly<Record<string, string>> = { api_key: " (API key)", system: " (server)" }

/** Every version of the policy: who saved it, when, and what it changed. */
export function HistoryList({ entries, earlier }: HistoryListProps) {
  if (entries.length === 0) {
    return (
      <div className="rounded-md border bg-card">
        <EmptyState icon={History} title="Nothing was saved yet" className="py-10!">
          <p>The policy that Auditorium ships with is in effect: nothing is recorded.</p>
        </EmptyState>
      </div>
    )
  }
  return (
    <div className="grid gap-3">
      <ol className="grid gap-3">
        {entries.map(entry => (
          <li key={entry.version}>
            <Entry {...entry} />
          </li>
        ))}
      </ol>
      {earlier === null ? null : (
        <Link href={earlier} className={buttonVariants({ className: "w-fit" })}>
          Earlier versions
        </Link>
      )}
    </div>
  )
}

function Entry({ version, createdAt, actor, changes: saved }: HistoryEntry) {
  const changes = changesInWords(saved)
  return (
    <details className="group rounded-md border bg-card">
      <summary className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 rounded-md px-4 py-3 hover:bg-muted">
        <span className="font-medium">Version {version}</span>
        <span className="text-sm wrap-anywhere">
          {actor.name}
          {ways[actor.type]}
        </span>
        <OwnTime
          instant={new Date(createdAt)}
          format="minute"
          card="none"
          className="text-sm text-muted-foreground"
        />
        <span className="ml-auto text-sm text-muted-foreground">{counted(changes.length, "change")}</span>
      </summary>
      <div className="border-t p-4">
        <ChangeList changes={changes} none="It changed nothing that is shown here." />
      </div>
    </details>
  )
}
