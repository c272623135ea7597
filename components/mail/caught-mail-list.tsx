import { MailOpen } from "lucide-react"
import Link from "next/link"
import { Time } from "@/components/time/time"
import { EmptyState } from "@/components/ui/empty-state"

export interface CaughtMailListProps {
  readonly mails: readonly {
    readonly id: string
    readonly at: string
    readonly subject: string
    readonly to: string
  }[]
  /** Url of the list; those of the mails are below it. */
  readonly path: string
}

/** The caught mails, newest first. */
export function CaughtMailList({ mails, path }: CaughtMailListProps) {
  if (mails.length === 0)
    return (
      <div className="rounded-md border bg-card">
        <EmptyState icon={MailOpen} title="No mail yet">
          <p>Invite somebody, or ask for a link to sign in: the mail appears here about a second later.</p>
        </EmptyState>
      </div>
    )
  return (
    <ul className="divide-y overflow-hidden rounded-md border bg-card">
      {mails.map(({ id, at, subject, to }) => (
        <li key={id}>
          <Link
            href={`${path}/${encodeURIComponent(id)}`}
            prefetch={false}
            className="grid gap-x-6 gap-y-0.5 px-4 py-3 transition-colors hover:bg-accent focus-visible:outline-offset-[-2px] sm:grid-cols-[minmax(0,1fr)_auto]"
          >
            <span className="min-w-0 truncate font-medium">{subject || "No subject"}</span>
            <span className="min-w-0 truncate text-sm text-muted-foreground">To {to}</span>
            <span className="text-sm text-muted-foreground sm:col-start-2 sm:row-span-2 sm:row-start-1 sm:self-center">
              <Time instant={new Date(at)} zone="UTC" card="none" withOffset />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
