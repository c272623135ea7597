import type { MailMessage } from "@/lib/mail/message"
import { setLetter } from "./letter"
import { momentInMail, nameInMail, wordsInMail } from "./names"

/** A sink that does not deliver. Names and the reason may be anything that somebody typed or a receiver answered. */
export interface SinkMail {
  readonly sinkName: string
  readonly organizationName: string
  /** Since when nothing was taken; null when it is not known. */
  readonly since: Date | null
  /** What the last attempt ended with, in words. */
  readonly reason: string
  /** How many events wait. */
  readonly waiting: number
  /** True when nothing happens until somebody changes or resumes the sink. */
  readonly needsSomebody: boolean
  readonly url: string
}

const mostReason = 300

/** Returns the mail about a sink that has not delivered for a while, or cannot until somebody changes something. */
export function sinkTroubleMail(mail: SinkMail): MailMessage {
  const sink = nameInMail(mail.sinkName)
  const organization = nameInMail(mail.organizationName)
  const since = mail.since === null ? "" : ` since ${momentInMail(mail.since)}`
  const reason = wordsInMail(mail.reason, mostReason)
  return setLetter({
    subject: `The sink ${sink} of ${organization} does not deliver`,
    heading: `The sink ${sink} does not deliver`,
    paragraphs: [
      `Copies of the audit log of ${organization} have not arrived there${since}.`,
      ...(reason === "" ? [] : [`The last attempt ended with: ${reason}`]),
      `${waitingInWords(mail.waiting)} Nothing is lost: they are sent as soon as the sink takes them again.`,
      mail.needsSomebody
        ? "Nothing more is tried with success until somebody changes the sink or its receiver."
        : "It is tried again and again. You get no further mail about this failure.",
    ],
    button: { label: "See the sink", url: mail.url },
    notes: [`You get this because you manage the sinks of ${organization}.`],
  })
}

function waitingInWords(waiting: number): string {
  return waiting === 1 ? "1 event waits." : `${waiting.toLocaleString("en")} events wait.`
}

/** Calls that were not recorded. */
export interface LossMail {
  readonly organizationName: string
  readonly dropped: number
  readonly instances: number
  readonly appNames: readonly string[]
  readonly at: Date
  readonly url: string
}

/** Returns the mail about calls that could not be recorded: the log does not have them. */
export function captureLossMail({
  organizationName,
  dropped,
  instances,
  appNames,
  at,
  url,
}: LossMail): MailMessage {
  const organization = nameInMail(organizationName)
  const calls = dropped === 1 ? "1 call" : `${dropped.toLocaleString("en")} calls`
  const reporters =
    instances === 1 ? "One SDK or proxy" : `${instances.toLocaleString("en")} SDKs and proxies`
  const apps = appNames.slice(0, 10).map(nameInMail)
  return setLetter({
    subject: `Calls were not recorded in the audit log of ${organization}`,
    heading: "Calls were not recorded",
    paragraphs: [
      `${reporters} reported at ${momentInMail(at)} that ${calls} could not be recorded in the audit log of ${organization}.`,
      `The apps: ${apps.join(", ")}${appNames.length > apps.length ? " and others" : ""}.`,
      "What was lost is not in the log and cannot be sent later. Look whether the server could be reached and whether the producers have room to keep calls while it cannot.",
    ],
    button: { label: "See the producers", url },
    notes: [
      `You get this because you manage the sinks of ${organization}. There is at most one such mail an hour.`,
    ],
  })
}
