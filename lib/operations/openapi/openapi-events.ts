import { z } from "zod"
import { actorTypes, occurredAtAssumptions, statuses } from "@/lib/audit/event/event"
import { eventLimits, operationPattern } from "@/lib/audit/event/limits"

/** The schemas of the API description, by name; `#/components/schemas/<name>` refers to them. */
export const apiSchemas = z.registry<{ id: string }>()

/** Registers a schema under its name, with a description. */
export function schema<Schema extends z.ZodType>(id: string, description: string, declared: Schema): Schema {
  const described = declared.describe(description)
  apiSchemas.add(described, { id })
  return described
}

const limits = eventLimits
const text = (maximum: number) => z.string().max(maximum)
const word = (maximum: number) => z.string().min(1).max(maximum)
const anyObject = () => z.record(z.string(), z.unknown())
const address = z.string().describe("An IP address.")

/** An instant, as responses write it. */
export const instant = schema(
  "Instant",
  "A moment in UTC to the microsecond; always six digits, so that the order of texts is the order of time.",
  z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/),
)

const person = {
  type: z.enum(actorTypes),
  id: word(limits.idLength),
  name: text(limits.nameLength).optional(),
  email: text(limits.nameLength).optional(),
  role: text(limits.nameLength).optional(),
  attributes: anyObject().optional(),
}

const actor = schema(
  "Actor",
  "Who did it. With onBehalfOf, the actor acted and onBehalfOf is the person acted for.",
  z.strictObject({
    ...person,
    onBehalfOf: z.strictObject(person).optional(),
    credential: z
      .strictObject({
        type: word(limits.typeLength),
        id: word(limits.idLength),
        name: text(limits.nameLength).optional(),
      })
      .optional(),
    sessionHash: z
      .string()
      .regex(/^[0-9a-fA-F]{64}$/)
      .describe("SHA-256 of the session's id; the id itself must not be sent.")
      .optional(),
  }),
)

const target = schema(
  "Target",
  "What it was done to.",
  z.strictObject({
    type: word(limits.typeLength),
    id: word(limits.idLength),
    name: text(limits.nameLength).optional(),
    attributes: anyObject().optional(),
  }),
)

const http = schema(
  "Http",
  "The request that was recorded.",
  z.strictObject({
    method: text(limits.httpMethodLength).optional(),
    path: text(limits.httpPathLength).optional(),
    route: text(limits.httpPathLength).optional(),
    status: z.int().min(0).max(999).optional(),
    durationMs: z.number().min(0).optional(),
    requestBytes: z.int().min(0).optional(),
    responseBytes: z.int().min(0).optional(),
  }),
)

const change = schema(
  "Change",
  "One value before and after.",
  z.strictObject({
    path: text(limits.changePathLength).describe("A JSON pointer or a name; empty means the whole."),
    before: z.unknown(),
    after: z.unknown(),
  }),
)

/** What of an event is kept as it was sent. */
const kept = {
  environment: word(limits.environmentLength).optional(),
  sourceId: word(limits.idLength).describe("The key that the record has where it comes from.").optional(),
  operation: text(limits.operationLength)
    .regex(operationPattern)
    .describe("Resource and verb: invoice.approve."),
  operationCode: z.int().min(0).optional(),
  actor,
  status: z.enum(statuses),
  statusMessage: text(limits.statusMessageLength).optional(),
  requestId: text(limits.idLength).describe("Shared by the events of one request.").optional(),
  traceId: text(limits.idLength).optional(),
  http: http.optional(),
  rawFormat: word(limits.rawFormatLength).describe("The name of the format of the original.").optional(),
  rawWithheld: word(limits.rawWithheldLength).describe("Why the original was not kept.").optional(),
}

/** An event as it is stored. */
export const auditEvent = schema(
  "AuditEvent",
  "An event as it is kept: complete, numbered, sealed.",
  z.strictObject({
    id: z.guid(),
    organizationId: z.guid(),
    appId: z.guid(),
    index: z.int().min(0).describe("Its place in the organization's log: 0, 1, 2 ... without gaps."),
    leafHash: z.string().length(43).describe("SHA-256 of its leaf, base64url."),
    occurredAt: instant,
    occurredAtText: z.string().describe("As sent, when it was spelled otherwise.").optional(),
    occurredAtAssumed: z
      .enum(occurredAtAssumptions)
      .describe(
        "What was not sent: the zone (taken as UTC), the time of day (taken as the start of the day in UTC), or all of it (taken as the time of receipt).",
      ),
    receivedAt: instant,
    ...kept,
    family: text(limits.familyLength),
    description: word(limits.descriptionLength),
    targets: z.array(target),
    statusCode: text(limits.statusCodeLength).optional(),
    source: z
      .strictObject({
        ip: address.nullable(),
        ipText: z.string().describe("The origin as it was sent."),
        peerIp: address.optional(),
        userAgent: z.string().optional(),
      })
      .optional(),
    details: z.array(z.string()),
    changes: z.array(change),
    metadata: anyObject(),
  }),
)
