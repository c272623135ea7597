import { z } from "zod"
import { permissions } from "@/lib/access/permissions"
import { searchedParts } from "@/lib/audit/event/search-text"
import { fieldNames } from "@/lib/audit/query/fields"
import { maximumLimit } from "@/lib/audit/query/query"
import { presets } from "@/lib/audit/time/window"
import { auditEvent, instant, schema } from "./openapi-events"

const app = schema(
  "App",
  "A producer of events.",
  z.strictObject({ id: z.guid(), slug: z.string(), name: z.string() }),
)

const fault = schema(
  "Fault",
  "One fault in what was sent.",
  z.strictObject({ pointer: z.string().describe("RFC 6901; empty means the whole."), detail: z.string() }),
)

/** RFC 9457 with our extension members. */
export const problem = schema(
  "Problem",
  "Every refusal (RFC 9457).",
  z.looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().describe("One word for programs."),
    requestId: z.string().describe("Names the request in the server's log."),
    errors: z.array(fault).optional(),
  }),
)

const kept = {
  id: z.guid(),
  index: z.int().min(0),
  leafHash: z.string().length(43),
}

/** The response for one accepted event. */
export const receipt = schema(
  "Receipt",
  "The event is committed to disk: its number and its seal. Keep them, and nobody can change it unseen.",
  z.strictObject({ outcome: z.enum(["accepted", "duplicate"]), ...kept }),
)

const itemResult = schema(
  "ItemResult",
  "What became of one item of a batch.",
  z.discriminatedUnion("outcome", [
    z.strictObject({ outcome: z.literal("accepted"), ...kept }),
    z.strictObject({ outcome: z.literal("duplicate"), ...kept }),
    z.strictObject({ outcome: z.literal("conflict"), id: z.guid() }),
    z.strictObject({
      outcome: z.literal("rejected"),
      code: z.enum(["invalid", "too-large"]),
      errors: z.array(fault),
    }),
  ]),
)

const batchMembers = {
  accepted: z.int(),
  duplicates: z.int(),
  conflicts: z.int(),
  rejected: z.int(),
  results: z.array(itemResult),
}

/** The response for a batch. */
export const batchResult = schema(
  "BatchResult",
  "What became of each item, in the order in which they were sent.",
  z.strictObject(batchMembers),
)

/** The response for a batch in which every event was rejected. */
export const batchProblem = schema(
  "BatchProblem",
  "A refusal that lists what became of each item.",
  z.looseObject({ ...problem.shape, ...batchMembers }),
)

/** A page of events. */
export const eventPage = schema(
  "EventPage",
  "One page of the answer to a question.",
  z.strictObject({
    events: z.array(auditEvent),
    nextCursor: z
      .string()
      .nullable()
      .describe("Send it as cursor for the next page; null when there is none."),
    searchedBackTo: instant
      .nullable()
      .describe("Set when the look stopped early: back to here all was searched."),
    textSearched: z
      .strictObject({
        parts: z.array(z.strictObject({ part: z.enum(searchedParts), characters: z.int().min(1) })),
        complete: z
          .boolean()
          .describe(
            "False while events of an earlier version are being prepared: of those less is searched.",
          ),
      })
      .nullable()
      .describe("What of each event the text was looked for in, and how far; null without a text."),
    window: z.strictObject({ from: instant, before: instant }),
    asOf: z.int().min(0).describe("The size of the log that the answer holds for."),
    apps: z.array(app),
    fixedQuery: z
      .string()
      .describe("A query string that means these events whenever it is asked or exported."),
  }),
)

/** One event by its id. */
export const foundEvent = schema(
  "FoundEvent",
  "One event, with the original of an imported one.",
  z.strictObject({ event: auditEvent, raw: z.base64().nullable(), app: app.nullable() }),
)

/** A line of the JSON Lines export. */
export const exportedEvent = schema(
  "ExportedEvent",
  "A line of the JSON Lines export.",
  auditEvent.extend({ raw: z.base64().optional() }),
)

const values = z.strictObject(
  Object.fromEntries(fieldNames.map(name => [name, z.array(z.string()).optional()])),
)

/** A query in JSON. */
export const queryObject = schema(
  "Query",
  "A question in JSON: the same as the parameters of GET /api/v1/events.",
  z.strictObject({
    window: z.enum([...Object.keys(presets), "all"]).optional(),
    from: z.string().optional(),
    to: z.string().optional(),
    excludeToday: z.boolean().optional(),
    zone: z.string().optional(),
    include: values.optional(),
    exclude: values.optional(),
    text: z.string().optional(),
    order: z.enum(["newest", "oldest", "recorded"]).optional(),
    limit: z.int().min(1).max(maximumLimit).optional(),
    cursor: z.string().optional(),
    asOf: z.int().min(0).optional(),
  }),
)

/** The description of a key. */
export const keyDescription = schema(
  "Key",
  "What an API key is.",
  z.strictObject({
    id: z.guid(),
    name: z.string(),
    organization: z.strictObject({ id: z.guid(), slug: z.string(), name: z.string() }),
    app,
    permissions: z.array(z.enum(permissions)),
  }),
)
