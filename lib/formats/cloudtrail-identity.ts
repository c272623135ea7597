import { eventLimits } from "@/lib/audit/event/limits"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { objectOf, present } from "./foreign-json"
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

/** Promise: who called, by `userIdentity`; the access key's id is the credential, which is public, unlike its secret. */
export function actorOf(record: JsonObject): JsonObject {
  const identity = objectOf(record.userIdentity)
  const kind = textOf(identity.type, 100)
  const id = identityId(identity) ?? kind
  if (id === undefined) return { type: "anonymous", id: "anonymous" }
  const accessKeyId = idOf(identity.accessKeyId)
  return present({
    type: actorTypes.get(kind ?? "") ?? "connected_app",
    id,
    name: identityName(identity, kind),
    credential: accessKeyId === undefined ? undefined : { type: "access_key", id: accessKeyId },
    attributes: attributesOf(record, identity, kind),
  })
}

function identityId(identity: JsonObject): string | undefined {
  return (
    idOf(identity.arn) ?? idOf(identity.invokedBy) ?? idOf(identity.principalId) ?? idOf(identity.accountId)
  )
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
  })
  return Object.keys(attributes).length === 0 ? undefined : attributes
}
