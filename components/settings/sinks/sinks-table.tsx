import { Send } from "lucide-react"
import Link from "next/link"
import { TimeOrWord } from "@/components/settings/time-or-word"
import { Badge } from "@/components/ui/badge"
import { EmptyState } from "@/components/ui/empty-state"
import {
  Table,
  TableBody,
  TableCaption,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table"
import type { SinkAnswer } from "@/lib/operations/sinks/answers"
import { sinkPath } from "./places"
import { StateBadge } from "./state-badge"
import { behindWords } from "./words"

export interface SinksTableProps {
  /** Slug of the organization. */
  readonly slug: string
  readonly sinks: readonly SinkAnswer[]
}

/** The sinks of the organization: how far behind each is, and what it answered last. */
export function SinksTable({ slug, sinks }: SinksTableProps) {
  if (sinks.length === 0) return <NoSinks />
  return (
    <div className="overflow-x-auto rounded-md border bg-card">
      <Table className="table-stacked">
        <TableCaption>Sinks: where copies of events go.</TableCaption>
        <TableHeader>
          <tr>
            <TableHead>Name</TableHead>
            <TableHead>Kind</TableHead>
            <TableHead>State</TableHead>
            <TableHead>Behind</TableHead>
            <TableHead>Last success</TableHead>
            <TableHead>Last error</TableHead>
          </tr>
        </TableHeader>
        <TableBody>
          {sinks.map(sink => (
            <SinkRow key={sink.id} slug={slug} sink={sink} />
          ))}
        </TableBody>
      </Table>
    </div>
  )
}

function SinkRow({ slug, sink }: { readonly slug: string; readonly sink: SinkAnswer }) {
  const { progress } = sink
  return (
    <TableRow className="hover:bg-muted">
      <TableCell className="sm:min-w-40">
        <span className="grid min-w-0">
          <Link
            href={sinkPath(slug, sink.id)}
            className="w-fit max-w-full font-medium wrap-anywhere hover:text-link hover:underline"
          >
            {sink.name}
          </Link>
          <span className="font-data text-xs text-muted-foreground wrap-anywhere">{sink.destination}</span>
          {sink.isServer ? (
            <Badge tone="outline" className="mt-0.5 w-fit">
              Set by the environment
            </Badge>
          ) : null}
        </span>
      </TableCell>
      <TableCell data-label="Kind">
        <span className="wrap-anywhere">{sink.kindLabel}</span>
      </TableCell>
      <TableCell data-label="State">
        <StateBadge state={sink.state} />
      </TableCell>
      <TableCell data-label="Behind">
        <span className={progress.behindEvents === 0 ? "text-muted-foreground" : undefined}>
          {behindWords(progress)}
          {sink.deadLetters > 0 ? (
            <span className="block text-xs text-failure">{sink.deadLetters} refused</span>
          ) : null}
        </span>
      </TableCell>
      <TableCell data-label="Last success">
        <TimeOrWord at={progress.lastSuccessAt} word="None yet" />
      </TableCell>
      <TableCell data-label="Last error" className="sm:max-w-72">
        {progress.lastError === null ? (
          <span className="text-muted-foreground">None</span>
        ) : (
          <span className="grid min-w-0">
            <span className="line-clamp-2 wrap-anywhere">{progress.lastError.message}</span>
            <span className="text-xs">
              <TimeOrWord at={progress.lastError.at} word="" />
            </span>
          </span>
        )}
      </TableCell>
    </TableRow>
  )
}

function NoSinks() {
  return (
    <div className="rounded-md border bg-card">
      <EmptyState icon={Send} title="Events stay here only" className="py-10!">
        <p>
          A sink sends copies of events to where your team already looks: Splunk, Elasticsearch, a webhook.
        </p>
      </EmptyState>
    </div>
  )
}
