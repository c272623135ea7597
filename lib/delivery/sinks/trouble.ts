import { hideInText } from "@/lib/audit/capture/hide-text"
import { OutboundError, type OutboundTrouble } from "@/lib/outbound/outbound"
import { hidingSecrets } from "@/lib/sinks/hide-secrets"
import { SinkError, type SinkTrouble } from "@/lib/sinks/sink"
import type { Trouble } from "./state"

const kinds: Readonly<Record<OutboundTrouble, SinkTrouble>> = {
  refused: "configuration",
  invalid: "configuration",
  tls: "configuration",
  timeout: "later",
  unreachable: "later",
  broken: "later",
}

/** Returns why nothing was surely stored. What a sink does not know itself is told in our own words. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof SinkError)
    return { kind: error.trouble, message: error.message, retryAfterMs: error.retryAfterMs }
  if (error instanceof OutboundError) return { kind: kinds[error.trouble], message: error.message }
  if (error instanceof DOMException && error.name === "TimeoutError")
    return { kind: "later", message: "There was no answer for three minutes." }
  return { kind: "later", message: "Unexpected error. The log of the worker has the details." }
}

/** Returns whether a sink should have known what to make of the error. */
export function isUnexpected(error: unknown): boolean {
  return !(error instanceof SinkError || error instanceof OutboundError || error instanceof DOMException)
}

/** Every character of it may have three bytes, and the database takes 4 KiB. */
const mostCharacters = 1_300

/**
 * Returns words of or about a receiver as they may be stored and shown: without the credentials of the sink, which a receiver may send back,
 * without other secrets, and with nothing that cannot be stored.
 */
export function safeWords(text: string, credentials: Readonly<Record<string, string>>): string {
  return safely(credentials)(text)
}

/** The same for many texts of one sink. */
export function safely(credentials: Readonly<Record<string, string>>): (text: string) => string {
  const hide = hidingSecrets(Object.entries(credentials).map(([name, value]) => ({ name, value })))
  return text => {
    const words = hideInText(hide(text)).replaceAll("\u0000", "\ufffd").toWellFormed()
    return words.length <= mostCharacters ? words : `${words.slice(0, mostCharacters).toWellFormed()}…`
  }
}
