import type { ActorInput, CredentialInput, PersonInput } from "@/lib/audit/event/input"
import { isArray, isObject, type JsonObject, type JsonValue, present } from "@/lib/audit/json/value"
import type { Call } from "./call"
import { cleanAttributes, cleanWord } from "./clean"
import { basicUserOf, bearerOf, claimsOf, isBelieved } from "./credentials"
import type { Profile } from "./profiles/profile"

export const nobody: ActorInput = { type: "anonymous", id: "anonymous" }

/** Credentials that nothing between caller and target has verified; the target answered to them, which is all that is known. */
export const unverified = ["jwt_unverified", "basic_unverified", "header_unverified"] as const

/**
 * Returns the call with its caller: the one that the application states, else the one that the profile finds in its
 * credentials, else anonymous. Rules can ask for the type of the caller, so this comes before `decide`.
 */
export function withCaller(call: Call, profile: Profile): Call {
  const found = profile.callerOf(call)
  if (call.caller === null) return { ...call, caller: found ?? nobody }
  // An application says who called; on whose behalf may stand in a header that it does not read.
  if (found?.onBehalfOf && !call.caller.onBehalfOf)
    return { ...call, caller: { ...call.caller, onBehalfOf: found.onBehalfOf } }
  return call
}

/** Returns the caller by the claims of a Bearer JWT or the user of Basic, marked as unverified. */
export function callerByAuthorization(call: Call): ActorInput | null {
  if (!isBelieved(call)) return null
  return callerByClaims(claimsOf(bearerOf(call.headers))) ?? callerByBasic(call, "user")
}

/** Returns the user of Basic as a caller whose credential is the user itself. */
export function callerByBasic(call: Call, type: "user" | "api_key"): ActorInput | null {
  const user = cleanWord(basicUserOf(call.headers))
  return user === undefined ? null : { type, id: user, credential: { type: "basic_unverified", id: user } }
}

const idClaims = ["sub", "user_id", "userId", "uid", "oid", "client_id", "azp", "appid", "email", "upn"]
const nameClaims = ["name", "preferred_username", "username", "user_name", "nickname", "unique_name"]
const tenantClaims = ["tenant", "tenant_id", "tid", "org_id", "organization", "company"]

/** Returns the person of the claims that identity providers use; null when no claim names one. */
export function callerByClaims(claims: JsonObject | undefined): ActorInput | null {
  if (claims === undefined) return null
  const id = firstWord(claims, idClaims)
  if (id === undefined) return null
  const attributes = present({
    issuer: cleanWord(claims.iss),
    tenant: firstWord(claims, tenantClaims),
  })
  return present({
    type: isMachine(claims, id) ? "service_account" : "user",
    id,
    name: firstWord(claims, nameClaims),
    email: emailOf(claims),
    role: roleOf(claims),
    attributes: Object.keys(attributes).length > 0 ? (attributes as JsonObject) : undefined,
    credential: jwtCredential(claims, id),
  } as const)
}

/** Returns the credential of a JWT: its own id where it has one, else whose it is. */
export function jwtCredential(claims: JsonObject, id: string): CredentialInput {
  return { type: "jwt_unverified", id: cleanWord(claims.jti) ?? id }
}

/** Returns somebody that a header names: a service account of Kubernetes by its prefix, else a user. */
export function personNamed(name: string | undefined, attributes?: JsonObject): PersonInput | null {
  const id = cleanWord(name)
  if (id === undefined) return null
  const type = id.startsWith("system:serviceaccount:") ? "service_account" : "user"
  return present({ type, id, attributes } as const)
}

/**
 * Returns the actor with the person that a header says it acts for, when the target believed that. Without an actor the header
 * is all that is known, and is marked so.
 */
export function actingFor(
  call: Call,
  actor: ActorInput | null,
  person: PersonInput | null,
): ActorInput | null {
  if (person === null || !isBelieved(call)) return actor
  if (actor !== null) return { ...actor, onBehalfOf: person }
  return { ...nobody, onBehalfOf: person, credential: { type: "header_unverified", id: person.id ?? "" } }
}

/** The facts of a client certificate that Node has verified, as `getPeerCertificate()` returns them. */
export interface ClientCertificate {
  readonly subject?: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly fingerprint256?: string
  readonly serialNumber?: string
}

/**
 * Returns the caller of a client certificate: the common name of its subject, as in a client bundle of UCP. Null without one.
 * The certificate must have been verified.
 */
export function callerOfCertificate(certificate: ClientCertificate | null): ActorInput | null {
  const { CN, O, OU } = certificate?.subject ?? {}
  // Of several names the last is the most specific.
  const name = cleanWord(typeof CN === "object" ? CN.at(-1) : CN)
  if (name === undefined) return null
  const attributes = cleanAttributes(present({ organization: O, organizationalUnit: OU }))
  return present({
    ...(personNamed(name) ?? nobody),
    id: name,
    name: cleanWord(name),
    attributes: attributes && Object.keys(attributes).length > 0 ? attributes : undefined,
    credential: present({
      type: "client_certificate",
      id: cleanWord(certificate?.fingerprint256 ?? certificate?.serialNumber) ?? name,
      name: cleanWord(name),
    }),
  } as const)
}

function firstWord(claims: JsonObject, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = claims[name]
    const word = cleanWord(typeof value === "number" ? String(value) : value)
    if (word !== undefined) return word
  }
  return undefined
}

function emailOf(claims: JsonObject): string | undefined {
  return [claims.email, claims.upn].map(value => cleanWord(value)).find(text => text?.includes("@"))
}

function roleOf(claims: JsonObject): string | undefined {
  const { role, roles, realm_access: realm } = claims
  const stated = role ?? roles ?? (isObject(realm) ? realm.roles : undefined)
  return cleanWord(listOf(stated).join(", "))
}

function listOf(value: JsonValue | undefined): readonly string[] {
  return (isArray(value) ? value : [value]).filter(each => typeof each === "string")
}

function isMachine(claims: JsonObject, id: string): boolean {
  return (
    claims.gty === "client-credentials" ||
    id.startsWith("system:serviceaccount:") ||
    id.endsWith("@clients") ||
    id === claims.client_id ||
    id === claims.azp ||
    id === claims.appid
  )
}
