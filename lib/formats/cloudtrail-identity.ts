import { eventLimits } from "@/lib/audit/event/limits"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { caseless } from "./cloudtrail-spelling"
import { isObject, objectOf, present } from "./foreign-json"
import { idOf, nameOf, textOf } from "./foreign-values"

/** CloudTrail's kinds of identity, and the kind of actor each is here. Others are connected apps. */
const actorTypes: ReadonlyMap<string, string> = new Map([
  ["AWSAccount", "connected_app"],
  ["AWSService", "system"],
  ["AssumedRole", "service_account"],
  ["Directory", "user"],
  ["FederatedUser", "user"],
  ["IAMUser", "user"],
  ["IdentityCenterUser", "user"],
  ["Role", "service_account"],
  ["Root", "user"],
  ["SAMLUser", "user"],
  ["WebIdentityUser", "user"],
])

/** An Insight event is an observation of CloudTrail itself. */
const observer: JsonObject = { type: "system", id: "AWS", name: "AWS CloudTrail" }

/** Returns who called, by `userIdentity`; the access key's id is the credential, which is public, unlike its secret. */
export function actorOf(record: JsonObject): JsonObject {
  if (isInsight(record)) return observer
  const identity = objectOf(record.userIdentity)
  const kind = textOf(identity.type, 100)
  const id = identityId(record, identity, kind)
  if (id === undefined) return { type: "anonymous", id: "anonymous" }
  const accessKeyId = idOf(identity.accessKeyId)
  return present({
    type: actorTypes.get(kind ?? "") ?? "connected_app",
    id,
    name: identityName(identity, kind) ?? signInName(record),
    credential: accessKeyId === undefined ? undefined : { type: "access_key", id: accessKeyId },
    attributes: attributesOf(record, identity, kind),
  })
}

/** Tells whether a record is an Insight event, which has a detail of its own in the place of a call. */
export function isInsight(record: JsonObject): boolean {
  return isObject(record.insightDetails) || record.eventCategory === "Insight"
}

/**
 * People of Identity Center and people who only tried to sign in have no ARN. The account is not who they are: it would make one
 * actor of all of them.
 */
function identityId(record: JsonObject, identity: JsonObject, kind: string | undefined): string | undefined {
  const { userId } = objectOf(identity.onBehalfOf)
  const account = idOf(identity.accountId)
  const principal = idOf(identity.principalId)
  const isAccount = principal !== undefined && (principal === account || /^\d{12}$/.test(principal))
  const person =
    idOf(identity.arn) ??
    idOf(userId) ??
    idOf(identity.invokedBy) ??
    (isAccount ? undefined : principal) ??
    knownName(identity.userName) ??
    signInName(record)
  if (person !== undefined) return person
  if (kind === "IdentityCenterUser") return idOf(identity.credentialId)
  return principal ?? account ?? kind
}

/** The name that was typed at a sign-in. */
function signInName(record: JsonObject): string | undefined {
  return knownName(caseless(objectOf(record.additionalEventData), "UserName"))
}

/** What was typed as a name and does not exist may be a password, so that CloudTrail hides it. */
function knownName(value: JsonValue | undefined): string | undefined {
  return value === "HIDDEN_DUE_TO_SECURITY_REASONS" ? undefined : nameOf(value)
}

/** An assumed role acts under the session's name, which is often a person's; it stands behind the colon of the principal. */
function identityName(identity: JsonObject, kind: string | undefined): string | undefined {
  if (kind === "Root") return "root"
  const { sessionIssuer } = objectOf(identity.sessionContext)
  const principal = identity.principalId
  const session = typeof principal === "string" ? principal.split(":").slice(1).join(":") : undefined
  return nameOf(identity.userName) ?? nameOf(session) ?? nameOf(objectOf(sessionIssuer).userName)
}

/** The account that the record names is an attribute: the organization is that of the key which sends it. */
function attributesOf(
  record: JsonObject,
  identity: JsonObject,
  kind: string | undefined,
): JsonObject | undefined {
  const { sessionIssuer, attributes: session } = objectOf(identity.sessionContext)
  const short = (value: JsonValue | undefined) => textOf(value, eventLimits.nameLength)
  const attributes = present({
    identityType: kind,
    accountId: short(identity.accountId),
    recipientAccountId: short(record.recipientAccountId),
    invokedBy: short(identity.invokedBy),
    roleArn: idOf(objectOf(sessionIssuer).arn),
    mfaAuthenticated: short(objectOf(session).mfaAuthenticated),
    onBehalfOf: idOf(objectOf(identity.onBehalfOf).userId),
  })
  return Object.keys(attributes).length === 0 ? undefined : attributes
}
