/** What was typed is no command; the message says what is missing or wrong. */
export class UsageError extends Error {
  override readonly name = "UsageError"
}

export type Variables = Readonly<Record<string, string | undefined>>

export const defaultUrl = "http://127.0.0.1:3000"

/** Which server a command talks to, and with which key. */
export interface Connection {
  readonly url: URL
  readonly key: string
}

/** Returns the server and the key from the options or the variables. Throws UsageError for what is missing or cannot be meant. */
export function readConnection(
  values: { readonly url?: string | undefined; readonly key?: string | undefined },
  variables: Variables,
): Connection {
  const key = values.key ?? variables.AUDITORIUM_KEY ?? ""
  if (key === "") throw new UsageError("No key: give --key, or set the variable AUDITORIUM_KEY.")
  // A header takes nothing else; fetch would fail with a sentence about byte strings.
  if (!/^[\x21-\x7e]+$/.test(key)) throw new UsageError("The key holds characters that no key has.")
  return { key, url: readUrl(values.url ?? variables.AUDITORIUM_URL ?? defaultUrl) }
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new UsageError(`--url ${text} is no http(s) address.`)
  if (url.username !== "" || url.password !== "")
    throw new UsageError("--url must not hold a user or a password: the key is what the server asks for.")
  return url
}

/** Returns the whole number of an option. Throws UsageError. */
export function readCount(option: string, text: string, least: number, most: number): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (count >= least && count <= most) return count
  throw new UsageError(`--${option} must be a whole number from ${least} to ${most}, not ${text}.`)
}

/** Returns the first sentence of an error of `parseArgs`: it says what is wrong, the others explain node. */
export function usageErrorOf(error: unknown): UsageError {
  const [message = ""] = error instanceof Error ? error.message.split(/(?<=\.) /) : []
  return new UsageError(message)
}

/** Returns whether the key would be sent unencrypted to another machine. */
export function isExposed(url: URL): boolean {
  return url.protocol === "http:" && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
}
