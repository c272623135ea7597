import { AppError } from "@/lib/errors"
import { openSealedText, type SealedFor, sealText } from "@/lib/sealed-bytes"
import type { MailMessage } from "./message"

/** The mail of a sealed content, which can be opened with exactly this envelope. */
export interface Envelope {
  readonly id: string
  readonly purpose: string
  readonly recipient: string
  readonly subject: string
}

type Content = Pick<MailMessage, "text" | "html">

/** Returns the content, encrypted with the secret of the installation and bound to its id and recipient. */
export function sealContent(
  secret: string,
  envelope: Envelope,
  { text, html }: Content,
): Uint8Array<ArrayBuffer> {
  return sealText(sealedFor(secret, envelope), JSON.stringify({ text, html }))
}

/**
 * Returns the content that was sealed. Throws AppError `internal` when it was sealed with another secret, for another
 * envelope, or was changed.
 */
export function openContent(secret: string, envelope: Envelope, sealed: Uint8Array): Content {
  try {
    return contentOf(JSON.parse(openSealedText(sealedFor(secret, envelope), sealed)))
  } catch (cause) {
    throw new AppError("internal", "The content of the mail cannot be opened with this SECRET.", { cause })
  }
}

/** Somebody who can write to the database still cannot redirect a link to another email. */
function sealedFor(secret: string, { id, purpose, recipient, subject }: Envelope): SealedFor {
  return { secret, purpose: "auditorium mail content v1", bound: [id, purpose, recipient, subject] }
}

function contentOf(value: unknown): Content {
  const { text, html } = Object(value)
  if (typeof text !== "string" || typeof html !== "string") throw new Error("no content")
  return { text, html }
}
