import { z } from "zod"
import { actorTypes, statuses } from "@/lib/audit/event/event"
import type {
  ActorInput,
  ChangeInput,
  CredentialInput,
  EventInput,
  HttpInput,
  PersonInput,
  SourceInput,
  TargetInput,
} from "@/lib/audit/event/input"
import { familyPattern, eventLimits as limits, operationPattern } from "@/lib/audit/event/limits"
import { importable } from "@/lib/audit/event/parse"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { uuidPattern } from "@/lib/audit/uuid"
import { schema } from "./openapi-events"

/** A schema for every member that may be sent and for no other, none of which takes what the member's type does not have. */
type Shape<Input> = { readonly [Name in keyof Input]-?: z.ZodType<unknown, Input[Name]> }
/** The same for a type that only its alternatives together describe: the names are compared, and `identified` says the rest. */
type Names<Input> = { readonly [Name in keyof Input]-?: z.ZodType }

const word = (maximum: number) => z.string().min(1).max(maximum)
const optionalText = (maximum: number) => z.string().max(maximum).nullish()
const optionalWord = (maximum: number) => word(maximum).nullish()
const optionalCount = (maximum: number) => z.int().min(0).max(maximum).nullish()
// The casts: JSON arrives, so what nobody has looked at is a JSON value.
const anyValue = () => z.unknown().optional() as z.ZodOptional<z.ZodType<unknown, JsonValue>>
const anyObject = () =>
  z.record(z.string(), z.unknown()).nullish() as z.ZodType<unknown, JsonObject | null | undefined>

const given = (...names: readonly string[]) => ({
  required: names,
  properties: Object.fromEntries(names.map(name => [name, { not: { type: "null" } }])),
})
const absent = (...names: readonly string[]) => ({
  properties: Object.fromEntries(names.map(name => [name, { type: "null" }])),
})

const person = {
  type: z.enum(actorTypes),
  id: optionalWord(limits.idLength).describe("Required unless the type is anonymous."),
  name: optionalText(limits.nameLength),
  email: optionalText(limits.nameLength),
  role: optionalText(limits.nameLength),
  attributes: anyObject(),
} satisfies Names<PersonInput>
const identified = { anyOf: [given("id"), { properties: { type: { const: "anonymous" } } }] }

const actor = schema(
  "ActorInput",
  "Who did it. With onBehalfOf, the actor acted and onBehalfOf is the person acted for.",
  z
    .strictObject({
      ...person,
      onBehalfOf: z.strictObject(person).meta(identified).nullish(),
      credential: z
        .strictObject({
          type: word(limits.typeLength),
          id: word(limits.idLength),
          name: optionalText(limits.nameLength),
        } satisfies Shape<CredentialInput>)
        .nullish(),
      sessionHash: z
        .string()
        .regex(/^[0-9a-fA-F]{64}$/)
        .nullish()
        .describe("SHA-256 of the session's id; the id itself must not be sent."),
    } satisfies Names<ActorInput>)
    .meta(identified),
)

const target = schema(
  "TargetInput",
  "What it was done to.",
  z.strictObject({
    type: word(limits.typeLength),
    id: word(limits.idLength),
    name: optionalText(limits.nameLength),
    attributes: anyObject(),
  } satisfies Shape<TargetInput>),
)

const source = schema(
  "SourceInput",
  "Where it came from.",
  z.strictObject({
    ip: optionalText(limits.sourceLength).describe("The origin as you know it; need not be an address."),
    peerIp: optionalText(limits.sourceLength).describe("An IP address."),
    userAgent: optionalText(limits.userAgentLength),
  } satisfies Shape<SourceInput>),
)

const http = schema(
  "HttpInput",
  "The request that was recorded.",
  z.strictObject({
    method: optionalText(limits.httpMethodLength),
    path: optionalText(limits.httpPathLength),
    route: optionalText(limits.httpPathLength),
    status: optionalCount(999),
    durationMs: z.number().min(0).max(Number.MAX_SAFE_INTEGER).nullish(),
    requestBytes: optionalCount(Number.MAX_SAFE_INTEGER),
    responseBytes: optionalCount(Number.MAX_SAFE_INTEGER),
  } satisfies Shape<HttpInput>),
)

const change = schema(
  "ChangeInput",
  "One value before and after.",
  z.strictObject({
    path: z
      .string()
      .max(limits.changePathLength)
      .describe("A JSON pointer or a name; empty means the whole."),
    before: anyValue(),
    after: anyValue(),
  } satisfies Shape<ChangeInput>),
)

/** Base64 whose last group has no bits beyond the last byte, so that it has one spelling. */
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/

const members = {
  id: z
    .string()
    .regex(uuidPattern)
    .nullish()
    .describe("A UUID. Send one to make a retry harmless: the same id is the same event."),
  sourceId: optionalWord(limits.idLength).describe("The key that the record has where it comes from."),
  occurredAt: z
    .string()
    .nullish()
    .describe(
      "RFC 3339, up to six digits of a second. Without a zone it is UTC, without the field it is now.",
    ),
  occurredAtText: optionalWord(limits.idLength).describe(
    "Beside rawFormat only: the time as the original spells it, when occurredAt was read from it.",
  ),
  occurredAtAssumed: z
    .enum(importable)
    .nullish()
    .describe("Beside rawFormat only: what the original leaves out of its time."),
  environment: optionalWord(limits.environmentLength),
  operation: z
    .string()
    .max(limits.operationLength)
    .regex(operationPattern)
    .describe("Resource and verb: invoice.approve."),
  operationCode: optionalCount(2 ** 31 - 1),
  family: z.string().max(limits.familyLength).regex(familyPattern).nullish(),
  description: optionalWord(limits.descriptionLength),
  actor: actor as z.ZodType<unknown, EventInput["actor"]>,
  targets: z.array(target).max(limits.targetCount).nullish(),
  status: z.enum(statuses),
  statusCode: z.union([z.string().max(limits.statusCodeLength), z.int()]).nullish(),
  statusMessage: optionalText(limits.statusMessageLength),
  source: source.nullish(),
  requestId: optionalText(limits.idLength).describe("Shared by the events of one request."),
  traceId: optionalText(limits.idLength),
  http: http.nullish(),
  details: z.array(z.string().max(limits.detailLength)).max(limits.detailCount).nullish(),
  changes: z.array(change).max(limits.changeCount).nullish(),
  metadata: anyObject(),
  raw: z.string().regex(base64).nullish().describe("The original bytes of an imported event, in base64."),
  rawFormat: optionalWord(limits.rawFormatLength).describe("The name of the format of the original."),
  rawWithheld: optionalWord(limits.rawWithheldLength).describe("Why the original was not kept."),
} satisfies Shape<EventInput>

const implies = (one: object, other: object) => ({ anyOf: [{ not: one }, other] })

/** Members that go together. */
const together = {
  allOf: [
    implies(given("raw"), { allOf: [given("rawFormat"), absent("rawWithheld")] }),
    implies(given("rawFormat"), { anyOf: [given("raw"), given("rawWithheld")] }),
    // These two may not even be null without a format.
    implies(
      { anyOf: [{ required: ["occurredAtText"] }, { required: ["occurredAtAssumed"] }] },
      given("rawFormat"),
    ),
    implies({ anyOf: [given("occurredAtText"), given("occurredAtAssumed")] }, given("occurredAt")),
  ],
}

/** An event as a producer sends it. */
export const eventInput = schema(
  "EventInput",
  `An event as a producer sends it. Fields that are not listed are refused; null counts as absent. What a schema does not say is
checked as well: that occurredAt exists in the calendar, that peerIp is an address, that no text holds U+0000 or half of a surrogate
pair, that numbers can be kept exactly, and sizes: ${limits.eventBytes} bytes of JSON without raw, ${limits.rawBytes} bytes in raw, ${limits.metadataBytes} in metadata,
${limits.attributesBytes} in attributes; lengths of text are counted in UTF-16 units.`.replaceAll("\n", " "),
  z.strictObject(members).meta(together),
)
