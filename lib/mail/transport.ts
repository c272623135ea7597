import { createTransport } from "nodemailer"
import { outbound } from "@/lib/outbound/guard"
import { type Refusal, refusalOf } from "./refusal"
import { smtpServer } from "./smtp-server"

/** A mail to send. */
export interface OutgoingMail {
  readonly id: string
  readonly recipient: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** The result of an attempt. */
export type Sent = { readonly sent: true } | ({ readonly sent: false } & Refusal)

/** Sends mail through the SMTP server. */
export interface MailSender {
  /** Never throws; resolves within `attemptMs`, and afterwards nothing of the attempt continues. */
  readonly send: (mail: OutgoingMail) => Promise<Sent>
}

/** The longest duration of one attempt. */
export const attemptMs = 45_000

const connectionTimeoutMs = 15_000

interface Sending {
  readonly smtpUrl: string
  /** MAIL_FROM. */
  readonly from: string
}

/**
 * Returns a sender for that server. A retried mail has the same Message-ID, so that a server or a mailbox can recognise it.
 * Certificates are always verified.
 */
export function mailSender({ smtpUrl, from }: Sending): MailSender {
  const server = smtpServer(smtpUrl)
  const sender = senderOf(from)
  const { host, port } = server
  // The guard opens the connection, to this server only.
  const { connect } = outbound({ allow: [], operatorHosts: [{ host, port }] })
  const transport = createTransport({
    host,
    port,
    getSocket: (_, done) => {
      connect({ host, port, tls: null }, { timeoutMs: connectionTimeoutMs }).then(
        connection => done(null, { connection }),
        error => done(error, false),
      )
    },
    secure: server.secure,
    requireTLS: server.requireTls,
    ...(server.login === null ? {} : { auth: { user: server.login.user, pass: server.login.password } }),
    tls: { minVersion: "TLSv1.2" },
    dnsTimeout: 10_000,
    connectionTimeout: connectionTimeoutMs,
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
          // Asks for no automatic replies.
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

// Parsed here, so that a comma in a name does not make two senders of one.
function senderOf(from: string): { readonly name: string; readonly address: string } {
  const [, name = "", address = from] = /^(.*) <([^<>]+)>$/.exec(from) ?? []
  return { name: name.replace(/^"(.*)"$/, "$1"), address }
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1)
}
