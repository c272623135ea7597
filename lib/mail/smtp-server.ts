import { isLoopback } from "@/lib/env/env"

/** The SMTP server of SMTP_URL. */
export interface SmtpServer {
  /** Without the brackets of an IPv6 address. */
  readonly host: string
  readonly port: number
  /** TLS from the first byte; otherwise STARTTLS when the server offers it. */
  readonly secure: boolean
  /** Sends no mail without TLS. */
  readonly requireTls: boolean
  readonly login: { readonly user: string; readonly password: string } | null
}

/** Returns the server of a valid SMTP_URL. A password never leaves this machine without TLS. */
export function smtpServer(smtpUrl: string): SmtpServer {
  const url = new URL(smtpUrl)
  const secure = url.protocol === "smtps:"
  const host = decoded(url.hostname).replace(/^\[|\]$/g, "")
  const login = url.username === "" ? null : { user: decoded(url.username), password: decoded(url.password) }
  return {
    host,
    port: url.port === "" ? (secure ? 465 : 587) : Number(url.port),
    secure,
    requireTls:
      !secure && (url.searchParams.get("tls") === "required" || (login !== null && !isLoopback(host))),
    login,
  }
}

// Somebody may have typed a literal percent sign.
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
