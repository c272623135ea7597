import { eventLimits } from "@/lib/audit/event/limits"
import type { JsonValue } from "@/lib/audit/json/value"
import { isInsight } from "./cloudtrail-records"
import type { ActorMapping } from "./engine/mapping"
import type { ForeignRecord } from "./engine/record"
import { always, rule, text, word } from "./engine/rules"
import { idOf, nameOf, textOf } from "./foreign-values"

/** An Insight event is an observation of CloudTrail itself. */
export const observer: ActorMapping = {
  type: always("system"),
  id: rule([], record => (isInsight(record) ? "AWS" : undefined)),
  name: always("AWS CloudTrail"),
}

const identity = "userIdentity"
const issuer = `${identity}.sessionContext.sessionIssuer`
const principalId = `${identity}.principalId`
const signInName = rule("additionalEventData.UserName", typedName)
const short = (path: string) => text(path, eventLimits.nameLength)

/** Who called, by `userIdentity`; the access key's id is the credential, which is public, unlike its secret. */
export const accessKeyOwner: ActorMapping = {
  type: [
    word(`${identity}.type`, {
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
    }),
    always("connected_app"),
  ],
  id: rule(
    [`${identity}.arn`, `${identity}.onBehalfOf.userId`, `${identity}.invokedBy`, principalId],
    identityId,
  ),
  name: [
    rule(`${identity}.type`, record => (kindOf(record) === "Root" ? "root" : undefined)),
    short(`${identity}.userName`),
    rule(principalId, sessionName),
    short(`${issuer}.userName`),
    signInName,
  ],
  credential: { type: always("access_key"), id: `${identity}.accessKeyId` },
  // The account that the record names is an attribute: the organization is that of the key which sends it.
  attributes: {
    identityType: text(`${identity}.type`, 100),
    accountId: short(`${identity}.accountId`),
    recipientAccountId: short("recipientAccountId"),
    invokedBy: short(`${identity}.invokedBy`),
    roleArn: rule(`${issuer}.arn`, record => idOf(record.at(`${issuer}.arn`))),
    mfaAuthenticated: short(`${identity}.sessionContext.attributes.mfaAuthenticated`),
    onBehalfOf: rule(`${identity}.onBehalfOf.userId`, record =>
      idOf(record.at(`${identity}.onBehalfOf.userId`)),
    ),
  },
}

function kindOf(record: ForeignRecord): string | undefined {
  return textOf(record.at(`${identity}.type`), 100)
}

/**
 * People of Identity Center and people who only tried to sign in have no ARN. The account is not who they are: it would make one
 * actor of all of them.
 */
function identityId(record: ForeignRecord): string | undefined {
  const of = (name: string) => idOf(record.at(`${identity}.${name}`))
  const account = of("accountId")
  const principal = of("principalId")
  const isAccount = principal !== undefined && (principal === account || /^\d{12}$/.test(principal))
  const person =
    of("arn") ??
    of("onBehalfOf.userId") ??
    of("invokedBy") ??
    (isAccount ? undefined : principal) ??
    knownName(record.at(`${identity}.userName`)) ??
    typedName(record)
  if (person !== undefined) return person
  if (kindOf(record) === "IdentityCenterUser") return of("credentialId")
  return principal ?? account ?? kindOf(record)
}

/** The name that was typed at a sign-in. */
function typedName(record: ForeignRecord): string | undefined {
  return knownName(record.at("additionalEventData.UserName"))
}

/** What was typed as a name and does not exist may be a password, so that CloudTrail hides it. */
function knownName(value: JsonValue | undefined): string | undefined {
  return value === "HIDDEN_DUE_TO_SECURITY_REASONS" ? undefined : nameOf(value)
}

/** An assumed role acts under the session's name, which is often a person's; it stands behind the colon of the principal. */
function sessionName(record: ForeignRecord): string | undefined {
  const principal = record.at(principalId)
  return typeof principal === "string" ? nameOf(principal.split(":").slice(1).join(":")) : undefined
}
