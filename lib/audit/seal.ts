import { Buffer } from "node:buffer"
import { createHash, hash } from "node:crypto"
import type { Actor, EventContent } from "@/lib/audit/event/event"
import { canonicalJson } from "@/lib/audit/json/canonical"

// The format is specified in docs/decisions/0004-leaf-version-1.md and can never change: a change needs a new version.

/** The groups of an event that can be erased separately, in the order of their commitments. */
export const leafGroups = [
  "core",
  "actor",
  "credential",
  "targets",
  "source",
  "request",
  "text",
  "changes",
  "metadata",
  "raw",
] as const

/** Bytes of an event's salt, and of each group's. */
export const saltBytes = 16

/**
 * Returns the hash of the event's leaf (32 bytes), and the text to store, equal to `eventBody(content)`, from which the
 * same hash can be computed again. `rawSha256` is the SHA-256 of the original bytes, null when there are none; `salt` is 16
 * random bytes.
 */
export function sealEvent(
  content: EventContent,
  rawSha256: Uint8Array | null,
  salt: Uint8Array,
): { readonly leafHash: Uint8Array; readonly body: string } {
  const members = memberTexts(content)
  const leaf = leafText(content, commitAll(groupTexts(members, rawSha256), salt))
  return { leafHash: leafHashOf(leaf), body: objectText(contentMembers, members.content, null) }
}

/** Returns the canonical text of the content, which is stored. */
export function eventBody(content: EventContent): string {
  return objectText(contentMembers, memberTexts(content).content, null)
}

/** Returns the content of a stored text. */
export function readBody(text: string): EventContent {
  // The one cast: only `eventBody` writes that column, from an EventContent.
  return JSON.parse(text) as EventContent
}

/** Returns the SHA-256 of the original bytes for `sealEvent`; null for null. */
export function hashRaw(raw: Uint8Array | null): Uint8Array | null {
  return raw === null ? null : hash("sha256", raw, "buffer")
}

/** Returns the RFC 8785 text of each group's value, in the order of `leafGroups`. */
export function groupValues(content: EventContent, rawSha256: Uint8Array | null): readonly string[] {
  return groupTexts(memberTexts(content), rawSha256)
}

/** Returns the commitment of each group, in the order of `leafGroups`, in base64url. */
export function commitments(
  content: EventContent,
  rawSha256: Uint8Array | null,
  salt: Uint8Array,
): readonly string[] {
  return commitAll(groupValues(content, rawSha256), salt)
}

/** Returns the text whose hash is the seal. */
export function leafData(content: EventContent, rawSha256: Uint8Array | null, salt: Uint8Array): string {
  return leafText(content, commitments(content, rawSha256, salt))
}

/** Returns the salt of each group, in the order of `leafGroups`, cut from SHAKE256 of the event's salt. */
export function fieldSalts(eventSalt: Uint8Array): readonly Uint8Array[] {
  const stream = saltStream(eventSalt)
  return leafGroups.map((_, group) => stream.subarray(group * saltBytes, (group + 1) * saltBytes))
}

function saltStream(eventSalt: Uint8Array): Buffer {
  if (eventSalt.length !== saltBytes)
    throw new RangeError(`A salt has ${saltBytes} bytes, not ${eventSalt.length}.`)
  return createHash("shake256", { outputLength: leafGroups.length * saltBytes })
    .update(eventSalt)
    .digest()
}

// The members of each object, in the order of RFC 8785. A member missing here would be neither stored nor sealed, so
// `everyMemberOf` does not compile without it.
const contentMembers = everyMemberOf<EventContent>()(
  "actor",
  "appId",
  "changes",
  "description",
  "details",
  "environment",
  "family",
  "http",
  "id",
  "metadata",
  "occurredAt",
  "occurredAtAssumed",
  "occurredAtText",
  "operation",
  "operationCode",
  "organizationId",
  "rawFormat",
  "rawWithheld",
  "receivedAt",
  "requestId",
  "source",
  "sourceId",
  "status",
  "statusCode",
  "statusMessage",
  "targets",
  "traceId",
)
const actorMembers = everyMemberOf<Actor>()(
  "attributes",
  "credential",
  "email",
  "id",
  "name",
  "onBehalfOf",
  "role",
  "sessionHash",
  "type",
)

const coreGroup = [
  "appId",
  "environment",
  "family",
  "occurredAt",
  "occurredAtAssumed",
  "occurredAtText",
  "operation",
  "operationCode",
  "sourceId",
  "status",
  "statusCode",
]
const actorGroup = ["attributes", "email", "id", "name", "role", "sessionHash", "type"]
const credentialGroup = ["credential", "onBehalfOf"]
const requestGroup = ["http", "requestId", "traceId"]
const textGroup = ["description", "details", "statusMessage"]
const rawGroup = ["rawFormat", "rawSha256", "rawWithheld"]

function everyMemberOf<T>() {
  return <const Names extends readonly (keyof T)[]>(
    ...names: keyof T extends Names[number] ? Names : never
  ): Names => names
}

/** Canonical texts by the name of the member; an absent member has none. */
type Texts = { [name: string]: string | undefined }

interface MemberTexts {
  readonly content: Texts
  readonly actor: Texts
}

/** Each member is made canonical once; groups and body are assembled from the same texts. */
function memberTexts(content: EventContent): MemberTexts {
  const texts: Texts = {}
  const actor: Texts = {}
  for (const name of actorMembers) actor[name] = optionalText(content.actor[name])
  for (const name of contentMembers) {
    texts[name] = name === "actor" ? objectText(actorMembers, actor, null) : optionalText(content[name])
  }
  return { content: texts, actor }
}

function optionalText(value: unknown): string | undefined {
  return value === undefined ? undefined : canonicalJson(value)
}

/** Returns the text of an object with the named members; an absent one is left out, or replaced by `absent`. */
function objectText(names: readonly string[], texts: Texts, absent: "null" | null): string {
  let text = ""
  for (const name of names) {
    const value = texts[name] ?? absent
    if (value === null) continue
    text += text === "" ? `"${name}":${value}` : `,"${name}":${value}`
  }
  return `{${text}}`
}

function groupTexts({ content, actor }: MemberTexts, rawSha256: Uint8Array | null): readonly string[] {
  const raw = {
    rawFormat: content.rawFormat,
    rawWithheld: content.rawWithheld,
    rawSha256: rawSha256 === null ? undefined : `"${Buffer.from(rawSha256).toString("hex")}"`,
  }
  return [
    objectText(coreGroup, content, "null"),
    objectText(actorGroup, actor, "null"),
    objectText(credentialGroup, actor, "null"),
    content.targets ?? "null",
    content.source ?? "null",
    objectText(requestGroup, content, "null"),
    objectText(textGroup, content, "null"),
    content.changes ?? "null",
    content.metadata ?? "null",
    objectText(rawGroup, raw, "null"),
  ]
}

const commitmentPrefixes = leafGroups.map(name => Buffer.from(`auditorium/commitment/v1\0${name}\0`))
const longestPrefixBytes = Math.max(...commitmentPrefixes.map(prefix => prefix.length))

/** Reused in every call: hashing one buffer is faster than updating a hash piece by piece. */
let scratch = Buffer.alloc(64 * 1024)

function commitAll(values: readonly string[], salt: Uint8Array): readonly string[] {
  const salts = saltStream(salt)
  return commitmentPrefixes.map((prefix, group) => {
    const value = values[group] ?? "null"
    // A UTF-16 unit becomes at most three bytes.
    const neededBytes = longestPrefixBytes + saltBytes + value.length * 3
    if (scratch.length < neededBytes) scratch = Buffer.alloc(neededBytes * 2)
    let end = prefix.copy(scratch)
    end += salts.copy(scratch, end, group * saltBytes, (group + 1) * saltBytes)
    end += scratch.write(value, end, "utf8")
    return hash("sha256", scratch.subarray(0, end), "base64url")
  })
}

function leafText(content: EventContent, ofGroups: readonly string[]): string {
  const { id, organizationId, receivedAt } = content
  return canonicalJson({ commitments: ofGroups, id, organizationId, receivedAt, v: 1 })
}

function leafHashOf(leaf: string): Uint8Array {
  // The prefix of a leaf in RFC 6962; the same byte in UTF-8.
  return hash("sha256", `\0${leaf}`, "buffer")
}
