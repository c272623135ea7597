import { type Fault, jsonPointer } from "@/lib/errors"
import {
  type Credentials,
  type CredentialsBound,
  openCredentials,
  sealCredentials,
} from "@/lib/sinks/credentials"
import type { AnySinkKind } from "@/lib/sinks/kinds"
import { SinkError } from "@/lib/sinks/sink"
import type { CredentialsInput } from "./inputs"

/** Returns the credentials; null when they cannot be opened, because SECRET or what they belong to is another one now. */
export function openStored(
  secret: string,
  bound: CredentialsBound,
  sealed: Uint8Array | null,
): Credentials | null {
  if (sealed === null) return {}
  try {
    return openCredentials(secret, bound, sealed)
  } catch (error) {
    if (error instanceof SinkError && error.trouble === "credentials") return null
    throw error
  }
}

/** Returns the sealed credentials; null when there are none. */
export function sealGiven(
  secret: string,
  bound: CredentialsBound,
  credentials: Credentials,
): Uint8Array | null {
  return Object.keys(credentials).length === 0 ? null : sealCredentials(secret, bound, credentials)
}

/** What is known about the credentials before they are merged with what was given. */
export interface Stored {
  /** Null: they cannot be opened. */
  readonly credentials: Credentials | null
  /** False when the settings lead to another host now: then nothing of them is kept. */
  readonly sameHost: boolean
}

/**
 * Returns the credentials that a sink has after a change, or why it cannot have them, with a pointer to each. Those of another host are
 * never kept: every one that was set must be entered again or deleted.
 */
export function mergeCredentials(
  kind: AnySinkKind,
  given: CredentialsInput,
  stored: Stored,
): { readonly credentials: Credentials; readonly faults: readonly Fault[] } {
  const known = new Map(kind.credentials.map(field => [field.name, field]))
  const faults: Fault[] = Object.keys(given)
    .filter(name => !known.has(name))
    .map(name => ({ pointer: pointerOf(name), message: "is not known here" }))
  const credentials: Record<string, string> = {}
  const isLost = stored.credentials === null
  for (const field of known.values()) {
    const { name, required } = field
    const sent = given[name]
    const before = stored.credentials?.[name]
    if (typeof sent === "string" && sent !== "") {
      const fault = faultOf(sent) ?? field.fault?.(sent) ?? null
      if (fault !== null) faults.push({ pointer: pointerOf(name), message: fault })
      else credentials[name] = sent
    } else if (sent === undefined && before !== undefined && stored.sameHost) credentials[name] = before
    else if (required)
      faults.push({ pointer: pointerOf(name), message: whyRequired(stored, before !== undefined) })
    else if (sent === undefined && before !== undefined)
      faults.push({ pointer: pointerOf(name), message: otherHost })
    else if (sent === undefined && isLost) faults.push({ pointer: pointerOf(name), message: lost })
  }
  return { credentials, faults }
}

const otherHost = "was entered for another host: enter it again, or delete it"
const lost = "cannot be read any more: enter it again, or delete it"

function whyRequired({ credentials, sameHost }: Stored, wasSet: boolean): string {
  if (credentials === null) return "cannot be read any more: enter it again"
  return wasSet && !sameHost ? "was entered for another host: enter it again" : "is required"
}

// A header or a line of a protocol ends at these.
function faultOf(value: string): string | null {
  if (value.includes("\0")) return "has a character that cannot be sent"
  return null
}

function pointerOf(name: string): string {
  return `/credentials${jsonPointer([name])}`
}
