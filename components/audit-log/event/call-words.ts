import type { Withheld } from "@/lib/audit/capture/call"

const profiles: Readonly<Record<string, string>> = {
  generic: "Any HTTP API",
  clearml: "ClearML",
  clarifai: "Clarifai",
  docker: "Docker and Swarm",
  kubernetes: "Kubernetes",
}

/** Returns the name of a profile for people. */
export function profileWord(profile: string): string {
  return Object.hasOwn(profiles, profile) ? (profiles[profile] ?? profile) : profile
}

const levels: Readonly<Record<string, string>> = {
  metadata: "Metadata",
  request: "Metadata and request",
  "request-response": "Metadata, request and response",
  custom: "Some fields, as the rule says",
}

/** Returns what a level records, in words. */
export function levelWord(level: string): string {
  return Object.hasOwn(levels, level) ? (levels[level] ?? level) : level
}

const parts: readonly (readonly [start: string, words: string])[] = [
  ["headers/request", "Request header"],
  ["headers/response", "Response header"],
  ["headers", "Headers"],
  ["query", "Query"],
  ["request", "Request body"],
  ["response", "Response body"],
]

/** Returns the part of a call in words: `request/user/password` is "Request body, user.password". */
export function partWords(part: string): string {
  const known = parts.find(([start]) => part === start || part.startsWith(`${start}/`))
  if (known === undefined) return part === "call" ? "The call" : part
  const [start, words] = known
  const rest = part
    .slice(start.length + 1)
    .replaceAll("/", ".")
    .replaceAll("~1", "/")
    .replaceAll("~0", "~")
  if (rest === "") return start.startsWith("headers/") ? `${words}s` : words
  return `${words}${start.startsWith("headers/") ? " " : ", "}${rest}`
}

const reasons: Readonly<Record<string, string>> = {
  policy: "The policy does not record it",
  limit: "It is larger than the limit",
  identity: "Identities are redacted",
  secret: "A secret in it is hidden",
  "not kept": "It was not kept while the call passed",
  "larger than what is kept": "It is larger than what is kept while a call passes",
  "no valid JSON": "It is no valid JSON",
  "no valid JSON in a line": "A line of it is no valid JSON, and is recorded as text",
  "unknown encoding": "Its encoding is not known",
  damaged: "Its encoding is damaged",
  "unfolds to too much": "It unfolds to more than is read",
  "beginning only": "Only its beginning is recorded",
  "numbers as text": "Numbers that cannot be kept exactly are recorded as text",
  "characters replaced": "Characters that cannot be kept are replaced",
  empty: "It is empty",
}

/** Returns why something is not recorded, in words. */
export function reasonWords({ why }: Pick<Withheld, "why">): string {
  const [, secret] = /^secret \((.+)\)$/.exec(why) ?? []
  if (secret !== undefined) return `A secret is hidden (${secret})`
  const [, more] = /^(\d+) more$/.exec(why) ?? []
  if (more !== undefined) return `${more} more parts are withheld`
  return Object.hasOwn(reasons, why) ? (reasons[why] ?? why) : why
}

const unverified: Readonly<Record<string, string>> = {
  jwt_unverified: "Unverified: the claims of a token, which only the target could check",
  basic_unverified: "Unverified: a user with a password, which only the target could check",
  header_unverified: "Unverified: a header alone says so",
}

/** Returns why a credential of this type proves nothing by itself; null for one that was checked. */
export function unverifiedWords(credentialType: string): string | null {
  return Object.hasOwn(unverified, credentialType) ? (unverified[credentialType] ?? null) : null
}
