import { AppError } from "@/lib/errors"

/** How senders write their key in an authorisation. Each dialect of the API, and each protocol, names its own. */
export interface KeyScheme {
  /** Where and how a key is sent, for the words of a refusal: "the header `Authorization: Bearer <key>`". */
  readonly usage: string
  /** Says the same to programs: the value of `WWW-Authenticate` (RFC 9110) in the answer to an unknown caller. */
  readonly challenge: string
  /** Returns the unverified key in an authorisation; null when it is of another scheme. */
  keyOf(authorization: string): string | null
}

/** RFC 6750. */
export const bearer: KeyScheme = {
  usage: "the header `Authorization: Bearer <key>`",
  challenge: 'Bearer realm="auditorium"',
  keyOf: authorization => /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? null,
}

/** What programs written for Clarifai send, and ours beside it. Accepted by its protocol only. */
export const clarifaiKey: KeyScheme = {
  usage: "the header `Authorization: Key <key>`",
  challenge: 'Key realm="auditorium"',
  keyOf: authorization => /^(?:Key|Bearer) +(\S+) *$/i.exec(authorization)?.[1] ?? null,
}

/**
 * Returns the unverified key in the text of an authorisation; null when there is no text. Throws AppError `unauthenticated`
 * for another scheme.
 */
export function keyOfAuthorization(authorization: string | null, scheme: KeyScheme): string | null {
  if (authorization === null) return null
  const key = scheme.keyOf(authorization)
  if (key === null) throw new AppError("unauthenticated", `Send the API key in ${scheme.usage}.`)
  return key
}
