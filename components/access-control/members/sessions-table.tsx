import { browserInWords } from "@/components/account/browser-words"
import { TimeOrWord } from "@/components/settings/time-or-word"
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
import type { SessionRow } from "./member"

export interface SessionsTableProps {
  readonly name: string
  readonly sessions: readonly SessionRow[]
}

/** The current sessions of a member. */
export function SessionsTable({ name, sessions }: SessionsTableProps) {
  if (sessions.length === 0) {
    return <p className="text-sm text-muted-foreground">{name} is signed in nowhere.</p>
  }
  return (
    <div className="overflow-x-auto rounded-md border bg-card">
      <Table className="table-stacked">
        <TableCaption>Browsers in which {name} is signed in.</TableCaption>
        <TableHeader>
          <tr>
            <TableHead>Browser</TableHead>
            <TableHead>Address</TableHead>
            <TableHead>Last seen</TableHead>
            <TableHead>Signed in</TableHead>
          </tr>
        </TableHeader>
        <TableBody>
          {sessions.map(({ id, userAgent, ip, lastSeenAt, createdAt, isThisOne }) => (
            <TableRow key={id}>
              <TableCell className="wrap-anywhere" title={userAgent ?? undefined}>
                {browserInWords(userAgent)}
                {isThisOne ? (
                  <Badge tone="outline" className="ml-2">
                    This browser
                  </Badge>
                ) : null}
              </TableCell>
              <TableCell data-label="Address">
                <span className="font-data text-muted-foreground">{ip ?? "Unknown"}</span>
              </TableCell>
              <TableCell data-label="Last seen">
                <TimeOrWord at={lastSeenAt} word="" />
              </TableCell>
              <TableCell data-label="Signed in">
                <TimeOrWord at={createdAt} word="" />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  )
}
