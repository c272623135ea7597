import { Badge } from "@/components/ui/badge"
import {
  Table,
  TableBody,
  TableCaption,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table"
import { OwnTime } from "@/components/zone/own-time"
import { jobInWords, outcomes } from "./job-words"

export interface JobRow {
  readonly name: string
  readonly state: keyof typeof outcomes
  readonly lastStartedAt: string | null
  readonly nextAt: string | null
  readonly error: string | null
  readonly isLate: boolean
}

export interface JobsTableProps {
  readonly jobs: readonly JobRow[]
}

/** What the worker repeats, with the last run of each job and the next one. */
export function JobsTable({ jobs }: JobsTableProps) {
  return (
    <Table className="table-stacked">
      <TableCaption>Jobs of the worker, with their last and next run.</TableCaption>
      <TableHeader>
        <tr>
          <TableHead className="pl-0">Job</TableHead>
          <TableHead>Last run</TableHead>
          <TableHead>Outcome</TableHead>
          <TableHead className="pr-0">Next run</TableHead>
        </tr>
      </TableHeader>
      <TableBody>
        {jobs.map(job => (
          <Row key={job.name} job={job} />
        ))}
      </TableBody>
    </Table>
  )
}

function Row({ job: { name, state, lastStartedAt, nextAt, error, isLate } }: { readonly job: JobRow }) {
  const { word, tone } = outcomes[state]
  return (
    <TableRow className="align-top">
      <TableCell className="py-2.5 align-top sm:pl-0">{jobInWords(name)}</TableCell>
      <TableCell data-label="Last run" className="py-2.5 align-top">
        <When at={lastStartedAt} word="Never" />
      </TableCell>
      <TableCell data-label="Outcome" className="py-2.5 align-top">
        <div className="grid justify-items-start gap-1">
          <span className="flex flex-wrap gap-1">
            <Badge tone={tone}>{word}</Badge>
            {isLate ? <Badge tone="failure">Overdue</Badge> : null}
          </span>
          {error === null ? null : <span className="text-muted-foreground wrap-anywhere">{error}</span>}
        </div>
      </TableCell>
      <TableCell data-label="Next run" className="py-2.5 align-top sm:pr-0">
        <When at={state === "running" ? null : nextAt} word={nextWord(state)} />
      </TableCell>
    </TableRow>
  )
}

function nextWord(state: JobRow["state"]): string {
  if (state === "running") return "After this run"
  return state === "interrupted" ? "When a worker takes it over" : "When a worker starts"
}

function When({ at, word }: { readonly at: string | null; readonly word: string }) {
  if (at === null) return <span className="text-muted-foreground">{word}</span>
  // A time may break here, so that two of them fit beside the outcome.
  return (
    <span className="[&_time]:whitespace-normal">
      <OwnTime instant={new Date(at)} format="minute" />
    </span>
  )
}
