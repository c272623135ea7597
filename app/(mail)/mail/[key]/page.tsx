import type { Metadata } from "next"
import { CaughtMailList } from "@/components/mail/caught-mail-list"
import { MailFrame } from "@/components/mail/mail-frame"
import { listCaughtMail } from "@/lib/http/caught-mail"

interface PageProps {
  readonly params: Promise<{ readonly key: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  await listCaughtMail((await params).key)
  // The url contains the key: it is never sent as a referrer.
  return { title: "Mail", referrer: "no-referrer" }
}

/** The mails that this machine has caught; only where `npm start` catches mail, and only with the key. */
export default async function MailPage({ params }: PageProps) {
  const { key } = await params
  const mails = await listCaughtMail(key)
  return (
    <MailFrame
      title="Mail"
      description="No SMTP server is configured, so every mail is kept here and none leaves this machine."
      refreshing
    >
      <CaughtMailList
        mails={mails.map(({ at, ...mail }) => ({ ...mail, at: at.toISOString() }))}
        path={`/mail/${encodeURIComponent(key)}`}
      />
    </MailFrame>
  )
}
