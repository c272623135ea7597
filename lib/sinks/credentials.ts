import { openSealedText, type SealedFor, sealText } from "@/lib/sealed-bytes"
import { SinkError } from "./sink"

/** Whose credentials they are, and for which hosts: they open with exactly this. */
export interface CredentialsBound {
  readonly sinkId: string
  readonly organizationId: string
  readonly kind: string
  /** `boundTo` of the kind: the hosts that they are sent to. */
  readonly host: string | null
}

export type Credentials = Readonly<Record<string, string>>

/** Returns the credentials, encrypted with the secret of the installation and bound to the sink and its hosts. */
export function sealCredentials(
  secret: string,
  bound: CredentialsBound,
  credentials: Credentials,
): Uint8Array<ArrayBuffer> {
  return sealText(sealedFor(secret, bound), JSON.stringify(credentials))
}

/**
 * Returns the credentials that were sealed. Throws SinkError `credentials` when they were sealed with another secret, for another sink
 * or other hosts, or were changed: somebody who can write to the database cannot have them sent elsewhere.
 */
export function openCredentials(secret: string, bound: CredentialsBound, sealed: Uint8Array): Credentials {
  try {
    return credentialsIn(JSON.parse(openSealedText(sealedFor(secret, bound), sealed)))
  } catch {
    // Without its cause, which may show a part of what was opened.
    throw new SinkError(
      "credentials",
      "The credentials of the sink cannot be opened with this SECRET. Enter them again.",
    )
  }
}

function sealedFor(secret: string, { sinkId, organizationId, kind, host }: CredentialsBound): SealedFor {
  return { secret, purpose: "auditorium sink credentials v1", bound: [sinkId, organizationId, kind, host] }
}

function credentialsIn(value: unknown): Credentials {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("no credentials")
  const entries = Object.entries(value).map(([name, text]) => {
    if (typeof text !== "string") throw new Error("no text")
    return [name, text] as const
  })
  return Object.fromEntries(entries)
}
