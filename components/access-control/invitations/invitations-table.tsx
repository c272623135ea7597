import { Ban, CircleCheck, CircleSlash, Clock3, Hourglass, type LucideIcon } from "lucide-react"
import type { Submit } from "@/components/form/use-submit"
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
import { OwnTime } from "@/components/zone/own-time"
import { givesText, type InvitationRow, type MailRow } from "./invitation"
import { InvitationActions } from "./invitation-actions"

export interface InvitationsTableProps {
  readonly title: string
  readonly invitations: readonly InvitationRow[]
  readonly resend: Submit<unknown, { readonly id: string }>
  readonly revoke: Submit<unknown, { readonly id: string }>
}

/** A table of invitations: the recipient, what they give, the state of the mail and the actions. */
export function InvitationsTable({ title, invitations, ...actions }: InvitationsTableProps) {
  const isPending = title === "Pending"
  const end = isPending ? "Expires" : "Ended"
  return (
    <div className="overflow-x-auto rounded-md border bg-card">
      <Table className="table-stacked">
        <TableCaption>{title} invitations.</TableCaption>
        <TableHeader>
          <tr>
            <TableHead>E-mail</TableHead>
            <TableHead>Gives</TableHead>
            <TableHead>{isPending ? "Mail" : "State"}</TableHead>
            <TableHead>{end}</TableHead>
            <TableHead>
              <span className="sr-only">Actions</span>
            </TableHead>
          </tr>
        </TableHeader>
        <TableBody>
          {invitations.map(invitation => (
            <TableRow key={invitation.id} className="hover:bg-muted">
              <TableCell className="min-w-48">
                <span className="font-medium wrap-anywhere">{invitation.email}</span>
                <span className="block text-xs text-muted-foreground">
                  Invited <OwnTime instant={new Date(invitation.createdAt)} format="day" />
                  {invitation.invitedBy ? ` by ${invitation.invitedBy}` : ""}
                </span>
              </TableCell>
              <TableCell data-label="Gives" className="wrap-anywhere">
                {givesText(invitation)}
              </TableCell>
              <TableCell data-label={isPending ? "Mail" : "State"} className="min-w-40">
                {isPending ? <MailText mail={invitation.mail} /> : <StateBadge state={invitation.state} />}
              </TableCell>
              <TableCell data-label={end}>
                <TimeOrWord
                  at={isPending ? invitation.expiresAt : (invitation.endedAt ?? invitation.expiresAt)}
                  word=""
                />
              </TableCell>
              <TableCell className="text-right">
                <InvitationActions invitation={invitation} {...actions} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  )
}

const states: Readonly<
  Record<
    InvitationRow["state"],
    {
      readonly tone: "success" | "unknown" | "failure" | "outline"
      readonly label: string
      readonly icon: LucideIcon
    }
  >
> = {
  open: { tone: "outline", label: "Open", icon: Hourglass },
  accepted: { tone: "success", label: "Accepted", icon: CircleCheck },
  declined: { tone: "unknown", label: "Declined", icon: CircleSlash },
  revoked: { tone: "failure", label: "Revoked", icon: Ban },
  expired: { tone: "unknown", label: "Expired", icon: Clock3 },
}

function StateBadge({ state }: { readonly state: InvitationRow["state"] }) {
  const { tone, label, icon: Icon } = states[state]
  return (
    <Badge tone={tone}>
      <Icon aria-hidden="true" />
      {label}
    </Badge>
  )
}

function MailText({ mail }: { readonly mail: MailRow | null }) {
  if (mail === null) return <span className="text-muted-foreground">No mail</span>
  const { state, at, reason } = mail
  if (state === "failed") {
    return <span className="text-failure text-pretty wrap-anywhere">Could not be delivered: {reason}</span>
  }
  const time = <OwnTime instant={new Date(at)} format="minute" className="text-muted-foreground" />
  return (
    <span>
      {state === "sent" ? (
        <>Sent {time}</>
      ) : state === "queued" ? (
        "Queued"
      ) : (
        <>Not delivered yet; next attempt {time}</>
      )}
      {reason ? (
        <span className="block text-xs text-muted-foreground text-pretty wrap-anywhere">{reason}</span>
      ) : null}
    </span>
  )
}
