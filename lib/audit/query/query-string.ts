import { type Fault, jsonPointer } from "@/lib/errors"

/** A parsed query string: the parameters, and a fault for each one that could not be decoded. */
export interface QueryString {
  readonly parameters: readonly (readonly [name: string, value: string])[]
  readonly faults: readonly Fault[]
}

/** Why a parameter cannot be decoded. */
export const brokenEncoding =
  "is not UTF-8 where it is percent-encoded; the replacement character itself is written %EF%BF%BD"

/**
 * Reads a query string as it was sent, without its question mark. `URLSearchParams` would replace invalid bytes by the
 * replacement character and so change the query. Otherwise it reads what `URLSearchParams` reads.
 */
export function readQueryString(raw: string): QueryString {
  const parameters: (readonly [string, string])[] = []
  const faults: Fault[] = []
  for (const part of raw.split("&")) {
    if (part === "") continue
    const equals = part.indexOf("=")
    const [name, value] =
      equals === -1
        ? [decode(part), decode("")]
        : [decode(part.slice(0, equals)), decode(part.slice(equals + 1))]
    if (name.isBroken || value.isBroken) {
      faults.push({ pointer: jsonPointer([name.text]), message: brokenEncoding })
    } else parameters.push([name.text, value.text])
  }
  return { parameters, faults }
}

interface Decoded {
  readonly text: string
  /** The text has the replacement character where bytes could not be decoded. */
  readonly isBroken: boolean
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
const lenient = new TextDecoder("utf-8", { ignoreBOM: true })

function decode(encoded: string): Decoded {
  const spaced = encoded.replaceAll("+", " ")
  if (isPlain.test(spaced)) return { text: spaced, isBroken: false }
  const bytes = bytesOf(spaced)
  try {
    return { text: strict.decode(bytes), isBroken: false }
  } catch {
    return { text: lenient.decode(bytes), isBroken: true }
  }
}

/** A percent sign without two hexadecimal digits stands for itself. Raw bytes arrive as characters up to U+00FF. */
function bytesOf(text: string): Uint8Array {
  const bytes: number[] = []
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    const escaped = code === percent ? /^[0-9a-f]{2}/i.exec(text.slice(at + 1, at + 3)) : null
    if (escaped) {
      bytes.push(Number.parseInt(escaped[0], 16))
      at += 2
    } else if (code <= 0xff) bytes.push(code)
    else return new TextEncoder().encode(text)
  }
  return Uint8Array.from(bytes)
}

const percent = "%".charCodeAt(0)
/** Printable ASCII without a percent sign: nothing to decode. */
const isPlain = /^[ -$&-~]*$/
