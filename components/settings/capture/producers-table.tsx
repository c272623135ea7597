import { Radio } from "lucide-react"
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
import { type Producer, stateOf } from "./producer"
import { formatCount } from "./words"

export interface ProducersTableProps {
  /** The ones seen last. */
  readonly producers: readonly Producer[]
  /** How many there are, listed or not. */
  readonly total: number
  /** The version of the policy that counts now. */
  readonly policyVersion: number
  readonly now: Date
}

/** The SDKs and proxies that have reported within 30 days. */
export function ProducersTable({ producers, total, policyVersion, now }: ProducersTableProps) {
  if (producers.length === 0) {
    return (
      <div className="rounded-md border bg-card">
        <EmptyState icon={Radio} title="Nothing has reported yet" className="py-10!">
          <p>An application with the SDK, or a proxy, appears here with its first report.</p>
        </EmptyState>
      </div>
    )
  }
  return (
    <div className="grid gap-2">
      {total > producers.length ? (
        <p className="text-sm text-muted-foreground">
          The {formatCount(producers.length)} seen last, of {formatCount(total)}.
        </p>
      ) : null}
      <div className="overflow-x-auto rounded-md border bg-card">
        <Table className="table-stacked">
          <TableCaption>SDKs and proxies that have reported within 30 days.</TableCaption>
          <TableHeader>
            <tr>
              <TableHead>App</TableHead>
              <TableHead>Producer</TableHead>
              <TableHead>State</TableHead>
              <TableHead className="text-right">Policy version</TableHead>
              <TableHead className="text-right">Calls lost</TableHead>
              <TableHead>Last seen</TableHead>
            </tr>
          </TableHeader>
          <TableBody>
            {producers.map(producer => (
              <ProducerRow
                key={`${producer.app.slug} ${producer.instance}`}
                {...{ producer, policyVersion, now }}
              />
            ))}
          </TableBody>
        </Table>
      </div>
    </div>
  )
}

interface ProducerRowProps extends Pick<ProducersTableProps, "policyVersion" | "now"> {
  readonly producer: Producer
}

function ProducerRow({ producer, policyVersion, now }: ProducerRowProps) {
  const { app, kind, version, profile, host, instance, dropped } = producer
  const state = stateOf(producer, policyVersion, now)
  return (
    <TableRow className="hover:bg-muted">
      <TableCell className="font-medium wrap-anywhere">{app.name}</TableCell>
      <TableCell data-label="Producer">
        <span className="grid min-w-0">
          <span className="wrap-anywhere">
            {kind} {version}
            {profile === null ? null : `, profile ${profile}`}
          </span>
          <span className="font-data text-xs text-muted-foreground wrap-anywhere">
            {host ?? "unknown host"} · {instance.slice(0, 8)}
          </span>
        </span>
      </TableCell>
      <TableCell data-label="State">
        <Badge tone={state.tone} className="justify-self-start">
          {state.words}
        </Badge>
      </TableCell>
      <TableCell data-label="Policy version" className="text-right">
        <span>
          {producer.policyVersion ?? "None"}
          {producer.policyVersion !== null && producer.policyVersion < policyVersion ? (
            <span className="block text-xs text-muted-foreground">now {policyVersion}</span>
          ) : null}
        </span>
      </TableCell>
      <TableCell data-label="Calls lost" className="text-right">
        {dropped === 0 ? (
          <span className="text-muted-foreground">None</span>
        ) : (
          <span className="text-failure">{formatCount(dropped)}</span>
        )}
      </TableCell>
      <TableCell data-label="Last seen">
        <TimeOrWord at={producer.lastSeenAt} word="" format="second" />
      </TableCell>
    </TableRow>
  )
}
