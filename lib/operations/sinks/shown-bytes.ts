import { isUtf8 } from "node:buffer"
import { gunzipSync } from "node:zlib"
import { hidingSecrets } from "@/lib/sinks/hide-secrets"

/** Secrets that must not be shown, by the names under which they are shown instead. */
export type Hidden = Readonly<Record<string, string>>

const mostShown = 64 * 1024
const mostUnfolded = 1024 * 1024

/**
 * Returns bytes as text that people can read, without the secrets: text as it is, gzip unfolded, anything else in hexadecimal. A secret is
 * found in every spelling that `hidingSecrets` knows.
 */
export function shownBytes(bytes: Uint8Array, hidden: Hidden, words: readonly string[] = []): string {
  const visible = hideSecrets(Buffer.from(bytes), hidden, words)
  const at = gzipStart(visible)
  if (at === -1) return asText(visible)
  const unfolded = unfold(visible.subarray(at))
  if (unfolded === null) return asText(visible)
  const note = `[gzip, ${visible.length - at} bytes, unfolded]\n`
  return cut(`${asText(visible.subarray(0, at))}${note}${asText(hideSecrets(unfolded, hidden, words))}`)
}

/** Returns the text without the secrets. */
export function hideInText(text: string, hidden: Hidden, words: readonly string[] = []): string {
  return hideSecrets(Buffer.from(text), hidden, words).toString("utf8")
}

// Byte by byte, so that bytes that are no text stay what they are: a secret has the characters of its bytes then.
function hideSecrets(bytes: Buffer, hidden: Hidden, words: readonly string[]): Buffer {
  const secrets = Object.entries(hidden).flatMap(([name, value]) =>
    [...new Set([value, Buffer.from(value).toString("latin1")])].map(spelling => ({ name, value: spelling })),
  )
  const text = hidingSecrets(secrets, { words, least: 1 })(bytes.toString("latin1"))
  return Buffer.from(text.replaceAll(authorization, "$1 [credentials]"), "latin1")
}

/** Any authorization, whatever it was made of; its scheme stays. */
const authorization = /^((?:proxy-)?authorization:[ \t]*[A-Za-z0-9-]+)[ \t]+\S[^\r\n]*/gim

function gzipStart(bytes: Buffer): number {
  return bytes.indexOf(Buffer.from([0x1f, 0x8b, 0x08]))
}

function unfold(bytes: Buffer): Buffer | null {
  try {
    return gunzipSync(bytes, { maxOutputLength: mostUnfolded })
  } catch {
    // Looked like gzip, and is not: shown as it is.
    return null
  }
}

function asText(bytes: Buffer): string {
  const text = isUtf8(bytes) ? bytes.toString("utf8") : null
  if (text !== null && !unreadable.test(text)) return cut(text)
  const lines = bytes.toString("hex").match(/.{1,64}/g) ?? []
  return cut(`[${bytes.length} bytes that are no text]\n${lines.join("\n")}`)
}

/** Control characters besides tab and line breaks, and the byte order mark of syslog. */
const unreadable = /[^\P{Cc}\t\r\n]/u

function cut(text: string): string {
  return text.length <= mostShown
    ? text
    : `${text.slice(0, mostShown)}\n[cut: ${text.length - mostShown} characters more]`
}
