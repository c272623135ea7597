import type { ActorType } from "@/lib/audit/event/event"
import type { ActorInput, HttpInput, PersonInput, SourceInput, TargetInput } from "@/lib/audit/event/input"
import { canonicalAddress } from "@/lib/audit/ip"
import { type JsonObject, present } from "@/lib/audit/json/value"
import type { Call, Headers } from "./call"
import { nobody } from "./caller"
import { cleanAttributes, cleanText, cleanWord } from "./clean"
import { headerOf } from "./headers"
import type { Description } from "./profiles/profile"

const actorTypes: readonly ActorType[] = [
  "user",
  "service_account",
  "api_key",
  "connected_app",
  "system",
  "staff",
  "anonymous",
]

/** Returns the actor as an event can hold it, whatever an application made of its caller. */
export function actorOf(caller: ActorInput): ActorInput {
  const person = personOf(caller)
  if (person === null) return nobody
  const { credential, onBehalfOf, sessionHash } = caller
  return present({
    ...person,
    onBehalfOf: onBehalfOf ? (personOf(onBehalfOf) ?? undefined) : undefined,
    credential: credentialOf(credential),
    sessionHash:
      typeof sessionHash === "string" && /^[0-9a-f]{64}$/i.test(sessionHash) ? sessionHash : undefined,
  })
}

function personOf(person: PersonInput): PersonInput | null {
  const type = actorTypes.find(known => known === person.type)
  const id = cleanWord(typeof person.id === "number" ? String(person.id) : person.id)
  if (type === undefined || (id === undefined && type !== "anonymous")) return null
  return present({
    type,
    id: id ?? "anonymous",
    name: cleanWord(person.name),
    email: cleanWord(person.email),
    role: cleanWord(person.role),
    attributes: fitting(cleanAttributes(person.attributes)),
  })
}

function credentialOf(credential: ActorInput["credential"]): ActorInput["credential"] {
  const type = cleanWord(credential?.type)
  const id = cleanWord(credential?.id)
  if (type === undefined || id === undefined) return undefined
  return present({ type, id, name: cleanWord(credential?.name) })
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

/** Returns where the call came from. There always is one: the API would take the sender of the event for it. */
export function sourceOf({ ip, peerIp, headers }: Call): SourceInput {
  const userAgent = headerOf(headers, "user-agent")
  const peer = peerIp === null ? null : canonicalAddress(peerIp)
  return present({
    ip: cleanText(ip ?? ""),
    peerIp: peer ?? undefined,
    userAgent: userAgent === undefined ? undefined : cleanText(userAgent),
  })
}

/** Returns the id of a distributed trace (W3C Trace Context). */
export function traceOf(headers: Headers): string | undefined {
  const [, id] =
    /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/.exec(headerOf(headers, "traceparent") ?? "") ?? []
  return id === undefined || /^0+$/.test(id) ? undefined : id
}

export function httpOf(call: Call, withStats: boolean): HttpInput {
  const { status } = call
  return present({
    method: cleanText(call.method),
    path: cleanText(call.path.split("?", 1)[0] ?? ""),
    route: call.route === null ? undefined : cleanText(call.route),
    status: status !== null && Number.isInteger(status) && status >= 0 && status <= 999 ? status : undefined,
    ...(withStats
      ? {
          durationMs: amount(call.durationMs),
          requestBytes: bytes(call.requestBytes),
          responseBytes: bytes(call.responseBytes),
        }
      : {}),
  })
}

function amount(value: number): number | undefined {
  return Number.isFinite(value) && value >= 0 ? Math.min(value, Number.MAX_SAFE_INTEGER) : undefined
}

function bytes(value: number): number | undefined {
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined
}
