import { Inbox } from "lucide-react"
import Link from "next/link"
import { counted, formatBytes, formatCount } from "@/components/settings/capture/words"
import { Badge } from "@/components/ui/badge"
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
import { OwnTime } from "@/components/zone/own-time"
import type { DeliveriesAnswer, DeliveryAnswer } from "@/lib/operations/sinks/answers"
import { outcomeWords, rangeWords, tookWords } from "./words"

export interface DeliveriesProps extends DeliveriesAnswer {
  /** The path of this page. */
  readonly path: string
  /** Only attempts with another outcome than taken are listed. */
  readonly isTroubledOnly: boolean
  /** Later receipts were left out: this is not the first page. */
  readonly isLaterPage: boolean
}

/** The receipts of the last 24 hours: every attempt, and its outcome. */
export function Deliveries({ deliveries, next, day, path, isTroubledOnly, isLaterPage }: DeliveriesProps) {
  const only = isTroubledOnly ? "only=troubled" : ""
  return (
    <section aria-label="Deliveries" className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p className="text-sm text-pretty">{dayWords(day)}</p>
        <nav aria-label="Which deliveries" className="flex gap-2">
          <ChoiceLink href={path} isChosen={!isTroubledOnly} label="All" />
          <ChoiceLink href={`${path}?only=troubled`} isChosen={isTroubledOnly} label="Not taken" />
        </nav>
      </div>
      {deliveries.length === 0 ? (
        <NoDeliveries isTroubledOnly={isTroubledOnly} isLaterPage={isLaterPage} />
      ) : (
        <DeliveriesTable deliveries={deliveries} />
      )}
      <div className="flex flex-wrap gap-2">
        {isLaterPage ? (
          <Link href={only === "" ? path : `${path}?${only}`} className={buttonVariants()}>
            The newest
          </Link>
        ) : null}
        {next === null ? null : (
          <Link
            href={`${path}?${[only, `before=${encodeURIComponent(next)}`].filter(Boolean).join("&")}`}
            className={buttonVariants()}
          >
            Earlier
          </Link>
        )}
      </div>
    </section>
  )
}

function dayWords({ attempts, failed, taken, refused, bytes }: DeliveriesAnswer["day"]): string {
  if (attempts === 0) return "No attempt in the last 24 hours."
  const parts = [
    `${counted(attempts, "attempt")}, ${failed === 0 ? "all taken" : `${formatCount(failed)} not taken or in part`}`,
    `${counted(taken, "event")} taken`,
    ...(refused > 0 ? [`${formatCount(refused)} refused`] : []),
    formatBytes(bytes),
  ]
  return `In the last 24 hours: ${parts.join("; ")}.`
}

interface ChoiceLinkProps {
  readonly href: string
  readonly isChosen: boolean
  readonly label: string
}

function ChoiceLink({ href, isChosen, label }: ChoiceLinkProps) {
  return (
    <Link
      href={href}
      aria-current={isChosen ? "true" : undefined}
      className={buttonVariants({ size: "sm", className: isChosen ? "bg-accent!" : "" })}
    >
      {label}
    </Link>
  )
}

function NoDeliveries({
  isTroubledOnly,
  isLaterPage,
}: Pick<DeliveriesProps, "isTroubledOnly" | "isLaterPage">) {
  return (
    <div className="rounded-md border bg-card">
      <EmptyState
        icon={Inbox}
        title={
          isLaterPage
            ? "There are no earlier ones"
            : isTroubledOnly
              ? "Every attempt was taken"
              : "Nothing was sent in the last 24 hours"
        }
        className="py-10!"
      >
        <p>Each attempt leaves a receipt here: what was sent, and what was answered.</p>
      </EmptyState>
    </div>
  )
}

function DeliveriesTable({ deliveries }: Pick<DeliveriesAnswer, "deliveries">) {
  return (
    <div className="overflow-x-auto rounded-md border bg-card">
      <Table className="table-stacked">
        <TableCaption>Attempts of the last 24 hours, the newest first.</TableCaption>
        <TableHeader>
          <tr>
            <TableHead>When</TableHead>
            <TableHead>Outcome</TableHead>
            <TableHead>Numbers</TableHead>
            <TableHead className="text-right">Taken</TableHead>
            <TableHead className="text-right">Size</TableHead>
            <TableHead className="text-right">Took</TableHead>
            <TableHead>Answer</TableHead>
          </tr>
        </TableHeader>
        <TableBody>
          {deliveries.map(delivery => (
            <DeliveryRow key={delivery.id} {...delivery} />
          ))}
        </TableBody>
      </Table>
    </div>
  )
}

function DeliveryRow(delivery: DeliveryAnswer) {
  const { tone, words } = outcomeWords(delivery.outcome)
  return (
    <TableRow className="hover:bg-muted">
      <TableCell>
        <OwnTime instant={new Date(delivery.at)} className="text-muted-foreground" />
      </TableCell>
      <TableCell data-label="Outcome">
        <span className="flex flex-wrap gap-1">
          <Badge tone={tone}>{words}</Badge>
          {delivery.isReplay ? <Badge tone="outline">Replay</Badge> : null}
        </span>
      </TableCell>
      <TableCell data-label="Numbers">
        <span className="grid min-w-0">
          <span className="tabular-nums">{rangeWords(delivery.first, delivery.past)}</span>
          <span className="font-data text-xs text-muted-foreground wrap-anywhere" title={delivery.batchId}>
            {delivery.batchId.slice(0, 8)}
          </span>
        </span>
      </TableCell>
      <TableCell data-label="Taken" className="text-right tabular-nums">
        <span>
          {formatCount(delivery.taken)} of {formatCount(delivery.events)}
          {delivery.refused > 0 ? (
            <span className="block text-xs text-failure">{formatCount(delivery.refused)} refused</span>
          ) : null}
        </span>
      </TableCell>
      <TableCell data-label="Size" className="text-right whitespace-nowrap">
        {formatBytes(delivery.bytes)}
      </TableCell>
      <TableCell data-label="Took" className="text-right whitespace-nowrap">
        {tookWords(delivery.durationMs)}
      </TableCell>
      <TableCell data-label="Answer" className="sm:max-w-80">
        <AnswerText answer={delivery.answer} />
      </TableCell>
    </TableRow>
  )
}

const shortAnswer = 90

/** A short answer as it is; a longer one opens on request. */
function AnswerText({ answer }: Pick<DeliveryAnswer, "answer">) {
  if (answer === null || answer === "") return <span className="text-muted-foreground">None</span>
  if (answer.length <= shortAnswer) return <span className="wrap-anywhere">{answer}</span>
  return (
    <details className="min-w-0">
      <summary className="line-clamp-2 cursor-pointer wrap-anywhere">{answer.slice(0, shortAnswer)}…</summary>
      <p className="mt-1 font-data text-xs whitespace-pre-wrap wrap-anywhere">{answer}</p>
    </details>
  )
}
