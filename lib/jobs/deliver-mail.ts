import type { Database } from "@/lib/database/database"
import { inLanes } from "@/lib/delivery/lanes"
import { type ClaimedMail, claimMails, settleMail } from "@/lib/mail/claims"
import { nextAttempt } from "@/lib/mail/retry"
import { openContent } from "@/lib/mail/sealed-content"
import type { MailSender, Sent } from "@/lib/mail/transport"
import { giveUpOldMails, tellWaitingMails } from "@/lib/mail/waiting"
import type { Job, JobOutcome } from "./job"

const everyMs = 1_000
const withoutServerEveryMs = 3_000

// Attempts of one lane are sequential: even when each takes its maximum, they end before the lease does.
const lanes = 5
const claimedAtOnce = 20

/** What delivery needs besides the database. */
export interface Delivery {
  /** Null when no SMTP server is configured. */
  readonly sender: MailSender | null
  /** SECRET, with which the contents are sealed. */
  readonly secret: string
  readonly now: () => Date
}

/**
 * Returns the job that sends mails, about a second after they were queued, a few at once; without a server it writes the
 * reason for waiting to them.
 */
export function deliverMailJob(database: Database, { sender, secret, now }: Delivery): Job {
  const name = "deliver-mail"
  if (sender === null) return { name, everyMs: withoutServerEveryMs, run: at => waitForServer(database, at) }
  return { name, everyMs, run: at => deliver(database, { sender, secret, now }, at) }
}

async function waitForServer(database: Database, at: Date): Promise<JobOutcome> {
  const givenUp = await giveUpOldMails(database, at)
  const waiting = await tellWaitingMails(database)
  return waiting + givenUp === 0 ? { outcome: "idle" } : { outcome: "done", waiting, givenUp }
}

interface Sending extends Delivery {
  readonly sender: MailSender
}

async function deliver(database: Database, sending: Sending, at: Date): Promise<JobOutcome> {
  const claimed = await claimMails(database, at, claimedAtOnce)
  if (claimed.length === 0) return { outcome: "idle" }
  const counts = { sent: 0, retried: 0, failed: 0 }
  await inLanes(claimed, lanes, async mail => {
    counts[await deliverOne(database, sending, mail)]++
  })
  return { outcome: "done", ...counts }
}

async function deliverOne(
  database: Database,
  sending: Sending,
  mail: ClaimedMail,
): Promise<"sent" | "retried" | "failed"> {
  const sent = await attempt(sending, mail)
  const at = sending.now()
  if (sent.sent) {
    await settleMail(database, mail, { sentAt: at })
    return "sent"
  }
  const nextAttemptAt = sent.final ? null : nextAttempt(mail, at, Math.random())
  if (nextAttemptAt !== null) {
    await settleMail(database, mail, { nextAttemptAt, lastError: sent.reason })
    return "retried"
  }
  await settleMail(database, mail, { failedAt: at, lastError: sent.reason })
  return "failed"
}

async function attempt({ sender, secret }: Sending, mail: ClaimedMail): Promise<Sent> {
  const { id, recipient, subject } = mail
  let content: ReturnType<typeof openContent>
  try {
    content = openContent(secret, mail, mail.sealedContent)
  } catch {
    return {
      sent: false,
      final: true,
      reason: "The mail was written under another SECRET and cannot be opened any more.",
    }
  }
  return sender.send({ id, recipient, subject, ...content })
}
