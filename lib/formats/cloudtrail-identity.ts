import type { JsonObject } from "@/lib/audit/json/value"
import { objectOf, present, textOf } from "@/lib/formats/foreign-json"

/** CloudTrail's kinds of identity, and the kind of actor each is here. Others are connected apps. */
const actorTypes: Readonly<Record<string, string>> = {
  AWSAccount: "connected_app",
  AWSService: "system",
  AssumedRole: "service_account",
  Directory: "user",
  FederatedUser: "user",
  IAMUser: "user",
  IdentityCenterUser: "user",
  Role: "service_account",
  Root: "user",
  SAMLUser: "user",
  WebIdentityUser: "user",
}

/** Promise: who called, by `userIdentity`; the access key's id is the credential, which is public, unlike its secret. */
export function actorOf(record: JsonObject): JsonObject {
  const identity = objectOf(record.userIdentity)
  const kind = textOf(identity.type, 100)
  const id = idOf(identity)
  if (kind === undefined && id === undefined) return { type: "anonymous", id: "anonymous" }
  const accessKeyId = textOf(identity.accessKeyId, 256)
  return present({
    type: actorTypes[kind ?? ""] ?? "connected_app",
    id: id ?? kind ?? "anonymous",
    name: nameOf(identity),
    credential: accessKeyId === undefined ? undefined : { type: "access_key", id: accessKeyId },
    attributes: attributesOf(record, identity, kind),
  })
}

function idOf(identity: JsonObject): string | undefined {
  return (
    textOf(identity.arn, 512) ??
    textOf(identity.invokedBy, 512) ??
    textOf(identity.principalId, 512) ??
    textOf(identity.accountId, 512)
  )
}

function nameOf(identity: JsonObject): string | undefined {
  const issuer = objectOf(objectOf(identity.sessionContext).sessionIssuer)
  const session = textOf(identity.principalId, 512)?.split(":")[1]
  if (identity.type === "Root") return "root"
  return textOf(identity.userName, 256) ?? textOf(session, 256) ?? textOf(issuer.userName, 256)
}

/** The account that the record names is an attribute: the organization is that of the key which sends it (D16). */
function attributesOf(
  record: JsonObject,
  identity: JsonObject,
  kind: string | undefined,
): JsonObject | undefined {
  const issuer = objectOf(objectOf(identity.sessionContext).sessionIssuer)
  const attributes = present({
    identityType: kind,
    accountId: textOf(identity.accountId, 100),
    recipientAccountId: textOf(record.recipientAccountId, 100),
    invokedBy: textOf(identity.invokedBy, 512),
    roleArn: textOf(issuer.arn, 512),
  })
  return Object.keys(attributes).length === 0 ? undefined : attributes
}
