import { ArrowLeft } from "lucide-react"
import type { Metadata } from "next"
import Link from "next/link"
import { CaughtMailView } from "@/components/mail/caught-mail-view"
import { MailFrame } from "@/components/mail/mail-frame"
import { readCaughtMail } from "@/lib/http/caught-mail"

interface PageProps {
  readonly params: Promise<{ readonly key: string; readonly mail: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { key, mail } = await params
  const { subject } = await readCaughtMail(key, mail)
  return { title: subject || "No subject", referrer: "no-referrer" }
}

/** One caught mail: as its reader sees it, as text, its headers, and its source. */
export default async function CaughtMailPage({ params }: PageProps) {
  const { key, mail: id } = await params
  const { at, ...mail } = await readCaughtMail(key, id)
  return (
    <MailFrame
      title={mail.subject || "No subject"}
      above={
        <Link
          href={`/mail/${encodeURIComponent(key)}`}
          className="mb-1 inline-flex w-fit items-center gap-1.5 text-sm text-muted-foreground hover:text-foreground"
        >
          <ArrowLeft aria-hidden="true" className="size-4" />
          Mail
        </Link>
      }
    >
      <CaughtMailView mail={{ ...mail, at: at.toISOString() }} />
    </MailFrame>
  )
}
