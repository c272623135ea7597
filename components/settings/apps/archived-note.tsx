import Link from "next/link"
import { utcMinute } from "@/components/settings/keys/key-input"
import { Alert } from "@/components/ui/alert"

export interface ArchivedNoteProps {
  /** Slug of the organization. */
  readonly organization: string
  readonly app: { readonly slug: string }
  readonly at: string
}

/** Explains that the app is archived, and links to its events. */
export function ArchivedNote({ organization, app, at }: ArchivedNoteProps) {
  return (
    <Alert
      tone="warning"
      title="This app is archived"
      action={
        <Link
          href={`/${organization}/admin/audit-logs?app=${app.slug}`}
          className="w-fit text-link hover:underline"
        >
          Its events
        </Link>
      }
    >
      Since {utcMinute(at)} its keys are refused and it takes no new ones. Its events stay in the log.
    </Alert>
  )
}
