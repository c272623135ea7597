import { type OutboundAnswer, OutboundError } from "@/lib/outbound/outbound"
import { SinkError, type SinkTrouble } from "./sink"

const mostShownBytes = 1_024

/**
 * Returns what a receiver answered, as an administrator may see it: the status and at most 1 KiB of text, in which the given secrets are
 * replaced by their names.
 */
export function answerText(
  { status, body }: OutboundAnswer,
  secrets: Readonly<Record<string, string>> = {},
): string {
  // Secrets first: a cut would leave the half of one.
  const hidden = withoutSecrets(new TextDecoder().decode(body), secrets)
  const text = hidden.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim()
  const shown = Buffer.from(text)
    .subarray(0, mostShownBytes)
    .toString("utf8")
    .replace(/\uFFFD+$/, "")
  if (shown === "") return `It answered ${status}.`
  return `It answered ${status}: ${shown}${shown.length < text.length ? "…" : ""}`
}

/** Returns a text with each secret, also as base64 or in percent form, replaced by its name. */
export function withoutSecrets(text: string, secrets: Readonly<Record<string, string>>): string {
  let hidden = text
  for (const [name, secret] of Object.entries(secrets)) {
    if (secret === "") continue
    const base64 = Buffer.from(secret).toString("base64")
    for (const form of [secret, base64, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
      hidden = hidden.replaceAll(form, `[${name}]`)
  }
  return hidden
}

/**
 * Returns what a status other than 2xx says about a request as a whole. `refused`: about these events, which will never be taken as
 * they are.
 */
export function troubleOfStatus(status: number): SinkTrouble | "refused" {
  if (status === 410) return "gone"
  if (status >= 300 && status < 400) return "configuration"
  if (configurationStatuses.includes(status)) return "configuration"
  if (laterStatuses.includes(status)) return "later"
  return status >= 400 && status < 500 ? "refused" : "later"
}

// Credentials, path, method: an administrator can change them, and no event is to blame.
const configurationStatuses = [401, 403, 404, 405, 407, 501, 505]
const laterStatuses = [408, 409, 421, 423, 425, 429]

/** Returns the pause that a receiver asks for, in milliseconds; undefined when it asks for none. */
export function retryAfterMs({ headers }: OutboundAnswer, now: Date): number | undefined {
  const text = headers["retry-after"]?.trim() ?? ""
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000
  const at = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime())
}

/** Returns the error of a sink for one of a connection. Another error is returned as it is: it is a fault of ours. */
export function sinkErrorOf(error: unknown): unknown {
  if (!(error instanceof OutboundError)) return error
  const needsSomebody = error.trouble === "refused" || error.trouble === "invalid" || error.trouble === "tls"
  return new SinkError(needsSomebody ? "configuration" : "later", error.message, { cause: error })
}

/** Returns the error for an answer that concerns the whole request. */
export function sinkErrorOfAnswer(
  trouble: SinkTrouble,
  answer: OutboundAnswer,
  { secrets = {}, now }: { readonly secrets?: Readonly<Record<string, string>>; readonly now: Date },
): SinkError {
  const isRedirect = answer.status >= 300 && answer.status < 400
  const message = isRedirect
    ? `It answered ${answer.status}, a redirect. Redirects are not followed: enter the url that it leads to.`
    : answerText(answer, secrets)
  const pause = retryAfterMs(answer, now)
  return new SinkError(trouble, message, pause === undefined ? {} : { retryAfterMs: pause })
}
