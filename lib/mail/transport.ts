import { createTransport } from "nodemailer"
import { type Refusal, refusalOf } from "./refusal"
import { smtpServer } from "./smtp-server"

/** A mail ready to leave. */
export interface OutgoingMail {
  readonly id: string
  readonly recipient: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** How an attempt ended. */
export type Sent = { readonly sent: true } | ({ readonly sent: false } & Refusal)

/** Hands mail to the SMTP server. */
export interface MailSender {
  /** Promise: never throws; answers within `attemptMs`, and afterwards nothing of the attempt goes on. */
  readonly send: (mail: OutgoingMail) => Promise<Sent>
}

/** The longest that one attempt takes. */
export const attemptMs = 45_000

interface Sending {
  readonly smtpUrl: string
  /** MAIL_FROM. */
  readonly from: string
}

/**
 * Promise: a sender for that server. A mail that is tried again has the same Message-ID, so that a server or a mailbox that
 * got it already can tell. Certificates are always checked.
 */
export function mailSender({ smtpUrl, from }: Sending): MailSender {
  const server = smtpServer(smtpUrl)
  const sender = senderOf(from)
  const transport = createTransport({
    host: server.host,
    port: server.port,
    secure: server.secure,
    requireTLS: server.requireTls,
    ...(server.login === null ? {} : { auth: { user: server.login.user, pass: server.login.password } }),
    tls: { minVersion: "TLSv1.2" },
    dnsTimeout: 10_000,
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 20_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    send: async ({ id, recipient, subject, text, html }) => {
      try {
        await transport.sendMail({
          from: sender,
          to: { name: "", address: recipient },
          subject,
          text,
          html,
          messageId: `<${id}@${domainOf(sender.address)}>`,
          xMailer: false,
          // Nobody's absence note needs to answer.
          headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
          signal: AbortSignal.timeout(attemptMs),
        })
        return { sent: true }
      } catch (error) {
        return { sent: false, ...refusalOf(error, server) }
      }
    },
  }
}

// Taken apart here, so that a comma in a name does not make two senders of one.
function senderOf(from: string): { readonly name: string; readonly address: string } {
  const [, name = "", address = from] = /^(.*) <([^<>]+)>$/.exec(from) ?? []
  return { name: name.replace(/^"(.*)"$/, "$1"), address }
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1)
}
