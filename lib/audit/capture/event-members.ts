import type { ActorType } from "@/lib/audit/event/event"
import type {
  ActorInput,
  CredentialInput,
  HttpInput,
  PersonInput,
  SourceInput,
  TargetInput,
} from "@/lib/audit/event/input"
import { canonicalAddress } from "@/lib/audit/ip"
import { type JsonObject, present } from "@/lib/audit/json/value"
import type { Call, Headers } from "./call"
import { nobody } from "./caller"
import { cleanAttributes, cleanText, cleanWord } from "./clean"
import { headerOf } from "./headers"
import type { Description } from "./profiles/profile"
import { remembering } from "./remember"

const actorTypes: readonly ActorType[] = [
  "user",
  "service_account",
  "api_key",
  "connected_app",
  "system",
  "staff",
  "anonymous",
]

/** An object under construction. */
export type Mutable<Whole> = { -readonly [Name in keyof Whole]: Whole[Name] }

// Each call makes these objects: members are assigned one by one, because copies of objects cost as much as all the rest.

/** Returns the actor as an event can hold it, whatever an application made of its caller. */
export function actorOf(caller: ActorInput): ActorInput {
  if (caller === nobody) return nobody
  const actor: Mutable<ActorInput> | null = personOf(caller)
  if (actor === null) return nobody
  const { credential, onBehalfOf, sessionHash } = caller
  const person = onBehalfOf ? personOf(onBehalfOf) : null
  if (person !== null) actor.onBehalfOf = person
  const used = credential ? credentialOf(credential) : null
  if (used !== null) actor.credential = used
  if (typeof sessionHash === "string" && /^[0-9a-f]{64}$/i.test(sessionHash)) actor.sessionHash = sessionHash
  return actor
}

function personOf(stated: PersonInput): Mutable<PersonInput> | null {
  const type = actorTypes.find(known => known === stated.type)
  const id = cleanWord(typeof stated.id === "number" ? String(stated.id) : stated.id)
  if (type === undefined || (id === undefined && type !== "anonymous")) return null
  const person: Mutable<PersonInput> = { type, id: id ?? "anonymous" }
  const name = cleanWord(stated.name)
  if (name !== undefined) person.name = name
  const email = cleanWord(stated.email)
  if (email !== undefined) person.email = email
  const role = cleanWord(stated.role)
  if (role !== undefined) person.role = role
  const attributes = stated.attributes ? fitting(cleanAttributes(stated.attributes)) : undefined
  if (attributes !== undefined) person.attributes = attributes
  return person
}

function credentialOf(stated: CredentialInput): CredentialInput | null {
  const type = cleanWord(stated.type)
  const id = cleanWord(stated.id)
  if (type === undefined || id === undefined) return null
  const name = cleanWord(stated.name)
  return name === undefined ? { type, id } : { type, id, name }
}

/** Attributes beyond this are left out: a log needs to know who it was, not everything about them. */
const mostAttributeCharacters = 2048

function fitting(attributes: JsonObject | undefined): JsonObject | undefined {
  return attributes === undefined || JSON.stringify(attributes).length > mostAttributeCharacters
    ? undefined
    : attributes
}

/** Returns the actor without anything that tells who it is. */
export function redacted(actor: ActorInput): ActorInput {
  const { onBehalfOf } = actor
  if (actor.type === "anonymous" && !onBehalfOf) return nobody
  return present({
    type: actor.type,
    id: "redacted",
    onBehalfOf: onBehalfOf ? { type: onBehalfOf.type, id: "redacted" } : undefined,
  })
}

const mostTargets = 20

/** Returns the objects as the policy allows them. `hidden` is an actor whose identity must not be found among them. */
export function targetsFor(
  targets: Description["targets"],
  idsOnly: boolean,
  hidden: ActorInput | null,
): readonly TargetInput[] {
  if (targets.length === 0) return []
  const secret = new Set([hidden?.id, hidden?.onBehalfOf?.id])
  return targets
    .filter(({ isNamed }) => !(idsOnly && isNamed))
    .flatMap(({ type, id, name }) => {
      const kept = { type: cleanWord(type), id: cleanWord(id) }
      if (kept.type === undefined || kept.id === undefined || secret.has(kept.id)) return []
      return [present({ type: kept.type, id: kept.id, name: idsOnly ? undefined : cleanWord(name) })]
    })
    .slice(0, mostTargets)
}

const canonical = remembering(canonicalAddress)

/** Returns where the call came from. There always is one: the API would take the sender of the event for it. */
export function sourceOf({ ip, peerIp, headers }: Call): SourceInput {
  const source: Mutable<SourceInput> = { ip: cleanText(ip ?? "") }
  const peer = peerIp === null ? null : canonical(peerIp)
  if (peer !== null) source.peerIp = peer
  const userAgent = headerOf(headers, "user-agent")
  if (userAgent !== undefined) source.userAgent = cleanText(userAgent)
  return source
}

/** Returns the id of a distributed trace (W3C Trace Context). */
export function traceOf(headers: Headers): string | undefined {
  const stated = headerOf(headers, "traceparent")
  if (stated === undefined) return undefined
  const [, id] = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/.exec(stated) ?? []
  return id === undefined || /^0+$/.test(id) ? undefined : id
}

export function httpOf(call: Call, withStats: boolean): HttpInput {
  const { status, path, route } = call
  const query = path.indexOf("?")
  const http: Mutable<HttpInput> = {
    method: cleanText(call.method),
    path: cleanText(query === -1 ? path : path.slice(0, query)),
  }
  if (route !== null) http.route = cleanText(route)
  if (status !== null && Number.isInteger(status) && status >= 0 && status <= 999) http.status = status
  if (!withStats) return http
  const durationMs = amount(call.durationMs)
  if (durationMs !== undefined) http.durationMs = durationMs
  const requestBytes = bytes(call.requestBytes)
  if (requestBytes !== undefined) http.requestBytes = requestBytes
  const responseBytes = bytes(call.responseBytes)
  if (responseBytes !== undefined) http.responseBytes = responseBytes
  return http
}

function amount(value: number): number | undefined {
  return Number.isFinite(value) && value >= 0 ? Math.min(value, Number.MAX_SAFE_INTEGER) : undefined
}

function bytes(value: number): number | undefined {
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined
}
