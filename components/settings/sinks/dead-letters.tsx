"use client"

import { CircleCheck } from "lucide-react"
import Link from "next/link"
import { eventAddress } from "@/components/audit-log/query/address"
import { ConfirmAction } from "@/components/form/confirm-action"
import type { Submit } from "@/components/form/use-submit"
import { counted, formatCount } from "@/components/settings/capture/words"
import { TimeOrWord } from "@/components/settings/time-or-word"
import { Badge } from "@/components/ui/badge"
import { Button } from "@/components/ui/button"
import { buttonVariants } from "@/components/ui/button-variants"
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
import { useOwnZone } from "@/components/zone/zone-context"
import type { DeadLetterAnswer, DeadLetterRetry, DeadLettersAnswer } from "@/lib/operations/sinks/answers"

export interface DeadLettersProps extends DeadLettersAnswer {
  /** Slug of the organization. */
  readonly slug: string
  readonly sink: { readonly id: string; readonly name: string; readonly isServer: boolean }
  /** The path of this page. */
  readonly path: string
  readonly isLaterPage: boolean
  readonly retry: Submit<unknown, DeadLetterRetry>
}

/** The events that the sink refuses: why each is, and the way to send it again. */
export function DeadLetters(props: DeadLettersProps) {
  const { deadLetters, next, total, sink, path, isLaterPage, retry } = props
  if (total === 0) return <NoDeadLetters />
  return (
    <section aria-label="Dead letters" className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p className="max-w-prose text-sm text-pretty">
          {counted(total, "event")} {total === 1 ? "is" : "are"} refused. All other events go on arriving.
        </p>
        {sink.isServer ? null : <RetryAll sink={sink} total={total} retry={retry} />}
      </div>
      <DeadLettersTable {...props} />
      <div className="flex flex-wrap gap-2">
        {isLaterPage ? (
          <Link href={path} className={buttonVariants()}>
            The first
          </Link>
        ) : null}
        {next === null ? null : (
          <Link href={`${path}?after=${next}`} className={buttonVariants()}>
            More
          </Link>
        )}
      </div>
      {deadLetters.length === 0 ? <p className="text-sm text-muted-foreground">There are no more.</p> : null}
    </section>
  )
}

function NoDeadLetters() {
  return (
    <div className="rounded-md border bg-card">
      <EmptyState icon={CircleCheck} title="No dead letters" className="py-10!">
        <p>
          An event that the receiver refuses three times for a reason of its own, such as its size, is kept
          here. The others go on.
        </p>
      </EmptyState>
    </div>
  )
}

function DeadLettersTable({ slug, sink, deadLetters, retry }: DeadLettersProps) {
  return (
    <div className="overflow-x-auto rounded-md border bg-card">
      <Table className="table-stacked">
        <TableCaption>Dead letters: events that the receiver refuses.</TableCaption>
        <TableHeader>
          <tr>
            <TableHead>Event</TableHead>
            <TableHead>Why</TableHead>
            <TableHead>Tries</TableHead>
            <TableHead>Last refused</TableHead>
            <TableHead>
              <span className="sr-only">Actions</span>
            </TableHead>
          </tr>
        </TableHeader>
        <TableBody>
          {deadLetters.map(letter => (
            <DeadLetterRow key={letter.id} {...{ slug, sink, letter, retry }} />
          ))}
        </TableBody>
      </Table>
    </div>
  )
}

interface DeadLetterRowProps extends Pick<DeadLettersProps, "slug" | "sink" | "retry"> {
  readonly letter: DeadLetterAnswer
}

function DeadLetterRow({ slug, sink, letter, retry }: DeadLetterRowProps) {
  const { zone } = useOwnZone()
  const { index, eventId, reason, tries, lastRefusedAt, nextTryAt } = letter
  return (
    <TableRow className="hover:bg-muted">
      <TableCell>
        <span className="grid min-w-0">
          <Link
            href={eventAddress(slug, eventId, zone)}
            className="w-fit font-medium text-link hover:underline"
          >
            Event {formatCount(index)}
          </Link>
          <span className="font-data text-xs text-muted-foreground wrap-anywhere">{eventId}</span>
        </span>
      </TableCell>
      <TableCell data-label="Why" className="sm:max-w-96">
        <span className="wrap-anywhere">{reason}</span>
      </TableCell>
      <TableCell data-label="Tries">
        <span className="grid justify-items-start gap-0.5">
          {tries}
          {nextTryAt === null ? (
            <Badge tone="failure">Given up</Badge>
          ) : (
            <span className="text-xs text-muted-foreground">
              next <TimeOrWord at={nextTryAt} word="" />
            </span>
          )}
        </span>
      </TableCell>
      <TableCell data-label="Last refused">
        <TimeOrWord at={lastRefusedAt} word="" />
      </TableCell>
      <TableCell className="text-right">
        {sink.isServer ? null : (
          <ConfirmAction
            trigger={
              <Button size="sm" aria-label={`Send event ${formatCount(index)} again`}>
                Send again
              </Button>
            }
            title={`Send event ${formatCount(index)} again?`}
            confirmLabel="Send again"
            action={retry}
            input={{ id: sink.id, indexes: [index] }}
            done="It is sent again within a minute"
          >
            <p>
              It is sent to {sink.name} again, alone. When it is refused again, it comes back here with the
              new reason.
            </p>
          </ConfirmAction>
        )}
      </TableCell>
    </TableRow>
  )
}

interface RetryAllProps extends Pick<DeadLettersProps, "sink" | "retry"> {
  readonly total: number
}

function RetryAll({ sink, total, retry }: RetryAllProps) {
  return (
    <ConfirmAction
      trigger={<Button>Send all again</Button>}
      title={
        total === 1 ? "Send the dead letter again?" : `Send all ${formatCount(total)} dead letters again?`
      }
      confirmLabel={total === 1 ? "Send again" : "Send all again"}
      action={retry}
      input={{ id: sink.id }}
      done="They are sent again within a minute"
    >
      <p>
        Do this when what refused them was changed: a limit was raised, a mapping was corrected. What is
        refused again comes back here.
      </p>
    </ConfirmAction>
  )
}
