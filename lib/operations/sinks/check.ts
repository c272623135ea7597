import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { AppError, type Fault, jsonPointer } from "@/lib/errors"
import { invalidInput } from "@/lib/operations/core/input"
import { wordsOf } from "@/lib/operations/core/input-words"
import type { Context } from "@/lib/operations/core/operation"
import type { Credentials } from "@/lib/sinks/credentials"
import type { AnySinkKind } from "@/lib/sinks/kinds"
import { omittableParts } from "@/lib/sinks/parts"
import { mergeCredentials, type Stored } from "./credentials"
import type { CredentialsInput } from "./inputs"
import { checkQuery } from "./query"

/** A sink as somebody wants it, before anything of it is checked. */
export interface Wanted {
  readonly kind: AnySinkKind
  readonly settings: Readonly<Record<string, unknown>>
  readonly credentials: CredentialsInput
  readonly query: string
  /** Undefined: the first one of the kind. */
  readonly format: string | undefined
  readonly redactIdentity: boolean
  readonly omit: readonly string[]
}

/** A sink that can be stored, or tried. */
export interface Checked {
  readonly settings: JsonObject
  /** What its credentials belong to. */
  readonly host: string | null
  readonly credentials: Credentials
  readonly query: string
  readonly format: string
  readonly redactIdentity: boolean
  readonly omit: readonly string[]
}

const mostSettingsBytes = 60_000

/**
 * Returns the sink in the form in which it is stored. Throws AppError `invalid` with a pointer for every fault. `storedFor` returns the
 * credentials that are stored, for the host to which the settings lead.
 */
export async function checkWanted(
  context: Pick<Context, "scope" | "apps" | "caller" | "outbound">,
  wanted: Wanted,
  storedFor: (host: string | null) => Stored,
): Promise<Checked> {
  const { kind, redactIdentity } = wanted
  const read = readSettings(kind, wanted.settings)
  const settingFaults = read.faults ?? within(kind.check(read.settings, context.outbound))
  const host = read.faults === undefined ? kind.boundTo(read.settings) : null
  const merged =
    read.faults === undefined
      ? mergeCredentials(kind, wanted.credentials, storedFor(host))
      : { credentials: {}, faults: [] }
  const { query, faults: queryFaults } = await checkQuery(context, wanted.query)
  const format = wanted.format ?? kind.formats[0]
  const faults = [
    ...settingFaults,
    ...merged.faults,
    ...queryFaults,
    ...formatFaults(kind, format),
    ...omitFaults(wanted.omit),
  ]
  if (faults.length > 0 || read.faults !== undefined) throw invalidInput(faults)
  const { credentials } = merged
  return { settings: read.stored, host, credentials, query, format, redactIdentity, omit: wanted.omit }
}

type Read =
  | { readonly settings: unknown; readonly stored: JsonObject; readonly faults?: undefined }
  | { readonly faults: readonly Fault[] }

function readSettings(kind: AnySinkKind, given: Readonly<Record<string, unknown>>): Read {
  const parsed = kind.settings.safeParse(given, { error: wordsOf })
  if (!parsed.success) return { faults: parsed.error.issues.flatMap(faultsOfIssue) }
  const text = JSON.stringify(parsed.data)
  if (Buffer.byteLength(text) > mostSettingsBytes)
    return { faults: [{ pointer: "/settings", message: `has more than ${mostSettingsBytes} bytes` }] }
  const stored: JsonObject = JSON.parse(text)
  const broken = Object.entries(stored).filter(([, value]) => !isStorable(value))
  if (broken.length > 0) {
    return {
      faults: broken.map(([name]) => ({ pointer: `/settings${jsonPointer([name])}`, message: unstorable })),
    }
  }
  return { settings: parsed.data, stored }
}

const unstorable = "has a character that cannot be stored"

// JSON of PostgreSQL holds neither NUL nor half of a surrogate pair.
function isStorable(value: JsonValue): boolean {
  if (typeof value === "string") return !value.includes("\0") && !/\p{Cs}/u.test(value)
  if (typeof value !== "object" || value === null) return true
  return Object.entries(value).every(([name, member]) => isStorable(name) && isStorable(member))
}

function faultsOfIssue(issue: {
  readonly code?: string
  readonly path: PropertyKey[]
  readonly message: string
}): Fault[] {
  if (issue.code === "unrecognized_keys" && "keys" in issue && Array.isArray(issue.keys)) {
    return issue.keys.map(key => ({
      pointer: `/settings${jsonPointer([...issue.path, String(key)])}`,
      message: "is not known here",
    }))
  }
  return [{ pointer: `/settings${jsonPointer(issue.path)}`, message: issue.message }]
}

function within(faults: readonly Fault[]): readonly Fault[] {
  return faults.map(({ pointer, message }) => ({ pointer: `/settings${pointer}`, message }))
}

function formatFaults(kind: AnySinkKind, format: string): readonly Fault[] {
  if (kind.formats.includes(format)) return []
  return [{ pointer: "/format", message: `is none of ${kind.formats.join(", ")}` }]
}

function omitFaults(omit: readonly string[]): readonly Fault[] {
  const names = omittableParts.map(part => part.name)
  return omit.flatMap((name, position) =>
    names.includes(name) ? [] : [{ pointer: `/omit/${position}`, message: `is none of ${names.join(", ")}` }],
  )
}

/** Returns the kind of that name. Throws AppError `invalid`, with a pointer. */
export function kindNamed({ sinkKinds }: Pick<Context, "sinkKinds">, name: string): AnySinkKind {
  const kind = sinkKinds.find(each => each.name === name)
  if (kind) return kind
  const names = sinkKinds.map(each => each.name).join(", ")
  throw invalidInput([{ pointer: "/kind", message: `is none of ${names}` }])
}

/** Throws AppError `forbidden` for a kind that writes to the machine, where organizations share it. */
export function refuseShared({ name, reach }: AnySinkKind, isOnly: boolean): void {
  if (reach !== "server" || isOnly) return
  throw new AppError(
    "forbidden",
    `A sink of the kind ${name} writes to the server itself, which several organizations share here.`,
  )
}
