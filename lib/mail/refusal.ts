import type { NodemailerError } from "nodemailer/lib/errors"
import { OutboundError } from "@/lib/outbound/outbound"
import type { SmtpServer } from "./smtp-server"

/** Why a mail was not sent: in words, without secrets, and whether another attempt is useful. */
export interface Refusal {
  readonly reason: string
  /** True when the server permanently refused this recipient or this mail; a problem of the installation can be fixed. */
  readonly final: boolean
}

type SendError = Pick<NodemailerError, "code" | "command" | "responseCode" | "response" | "message"> & {
  readonly originalCode?: unknown
}

/** Returns the meaning of a failed attempt. */
export function refusalOf(thrown: unknown, server: SmtpServer): Refusal {
  // Of the connection; its message begins with host and port.
  if (thrown instanceof OutboundError) return again(`The SMTP server ${thrown.message}`)
  const error = sendErrorOf(thrown)
  const name = `The SMTP server ${server.host}:${server.port}`
  if (isCertificate(error))
    return again(
      `${name} could not prove who it is: its TLS certificate is not trusted (${certificateFault(error)}).`,
    )
  if (error.code === "EAUTH" || error.code === "ENOAUTH")
    return again(`${name} did not accept the user name and the password of SMTP_URL${inBrackets(error)}.`)
  if (error.code === "ETLS")
    return again(
      server.requireTls
        ? `${name} did not begin TLS, and without it nothing is sent there.`
        : `${name} and this one could not agree on TLS.`,
    )
  if (error.response) return answered(name, error)
  if (error.code === "EENVELOPE" || error.code === "EMESSAGE")
    return { reason: "The mail cannot be sent as it is.", final: true }
  return again(unreachable(name, server, error))
}

function again(reason: string): Refusal {
  return { reason, final: false }
}

function answered(name: string, error: SendError): Refusal {
  const answer = harmless(error.response ?? "")
  // 503 is a wrong order of commands and 530 a missing login: neither says anything about this mail.
  const code = error.responseCode ?? 0
  const forGood = code >= 500 && code < 600 && code !== 503 && code !== 530
  if (error.command === "RCPT TO")
    return { reason: `${name} did not accept the recipient: ${answer}`, final: forGood }
  if (error.command === "DATA")
    return { reason: `${name} did not accept the mail: ${answer}`, final: forGood }
  if (error.command === "MAIL FROM") return again(`${name} did not accept the sender (MAIL_FROM): ${answer}`)
  return again(`${name} turned us away: ${answer}`)
}

function unreachable(name: string, server: SmtpServer, { code, originalCode }: SendError): string {
  const codes = [code, originalCode]
  if (code === "EDNS") return `The SMTP server ${server.host} is not known by that name.`
  if (codes.includes("ECONNREFUSED")) return `${name} cannot be reached: nothing listens there.`
  if (codes.includes("ETIMEDOUT") || code === "EABORT") return `${name} did not answer in time.`
  return `The connection to the SMTP server ${server.host}:${server.port} ended before the mail was handed over.`
}

const certificateCodes =
  /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_\w+|ERR_TLS_CERT_\w+)$/

function isCertificate({ code, originalCode, message }: SendError): boolean {
  if (certificateCodes.test(String(originalCode)) || certificateCodes.test(String(code))) return true
  return code === "ETLS" && /certificate|altnames/i.test(message)
}

function certificateFault({ originalCode, message }: SendError): string {
  if (/expired/i.test(message)) return "it has expired"
  if (/altnames/i.test(message) || originalCode === "ERR_TLS_CERT_ALTNAME_INVALID")
    return "it is for another name"
  if (/self[- ]signed/i.test(message)) return "it is self-signed"
  return "nobody known has signed it; NODE_EXTRA_CA_CERTS names an authority of your own"
}

function inBrackets({ responseCode }: SendError): string {
  return responseCode ? ` (${responseCode})` : ""
}

/** The response of a server, without urls and anything long enough to be a key, in case it repeats the mail. */
function harmless(response: string): string {
  const line = response
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/\S*:\/\/\S*/g, "[address]")
    .replace(/[\w~+/=-]{24,}/g, "[...]")
    .trim()
  return line.length > 200 ? `${line.slice(0, 199)}…` : line
}

function sendErrorOf(thrown: unknown): SendError {
  const { code, command, responseCode, response, originalCode } = Object(thrown)
  return {
    code: typeof code === "string" ? code : undefined,
    command: typeof command === "string" ? command : undefined,
    responseCode: typeof responseCode === "number" ? responseCode : undefined,
    response: typeof response === "string" ? response : undefined,
    message: thrown instanceof Error ? thrown.message : "",
    originalCode,
  }
}
