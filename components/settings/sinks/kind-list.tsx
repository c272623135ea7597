import Link from "next/link"
import { Badge } from "@/components/ui/badge"
import type { SinkKindAnswer } from "@/lib/operations/sinks/answers"
import { sinksPath } from "./places"

export interface KindListProps {
  /** Slug of the organization. */
  readonly slug: string
  /** In the order of preference. */
  readonly kinds: readonly SinkKindAnswer[]
}

/** The kinds of sinks to choose from, each with what it is for. */
export function KindList({ slug, kinds }: KindListProps) {
  return (
    <ul className="grid gap-3 sm:grid-cols-2">
      {kinds.map(({ kind, label, summary }) => (
        <li
          key={kind}
          className="relative grid content-start gap-1 rounded-md border bg-card p-4 hover:bg-muted"
        >
          <span className="flex flex-wrap items-center gap-2">
            <Link
              href={`${sinksPath(slug)}/new?kind=${encodeURIComponent(kind)}`}
              className="font-medium after:absolute after:inset-0 after:rounded-md"
            >
              {label}
            </Link>
            {kind === "stdout" ? <Badge tone="primary">Recommended</Badge> : null}
          </span>
          <span className="text-sm text-muted-foreground text-pretty">{summary}</span>
        </li>
      ))}
    </ul>
  )
}
