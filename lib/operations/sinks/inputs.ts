import { z } from "zod"

/** The id of a sink: of a row, or of the sink that the environment makes. */
export const sinkId = z.uuid("Give the id of a sink, as the list shows it.")

/** What a kind has declared; its own schema parses it. */
const settingsInput = z.record(z.string().max(100), z.unknown(), "Give the settings as an object.")

/** Secrets by their names. Null deletes one; an absent one stays as it is. */
export const credentialsInput = z
  .record(z.string().max(100), z.string().max(16_384, "Use at most 16,384 characters.").nullable())
  .refine(given => Object.keys(given).length <= 20, "Give at most 20 credentials.")

export type CredentialsInput = z.infer<typeof credentialsInput>

const nameInput = z
  .string()
  .trim()
  .min(1, "Give a name.")
  .max(100, "Use at most 100 characters.")
  .refine(text => !/\p{Cc}/u.test(text), "Use a single line without control characters.")

const queryInput = z.string().max(65_536, "Use at most 65,536 characters.")
const formatInput = z.string().max(40)
const omitInput = z
  .array(z.string().max(40))
  .max(20)
  .transform(parts => [...new Set(parts)].sort())

const instantInput = z.iso.datetime({ offset: true, error: "Give a time like 2027-01-31T12:00:00Z." })

/** Where a new sink begins in the log. Absent: now. */
const beginInput = z.discriminatedUnion("at", [
  z.strictObject({ at: z.literal("now") }),
  z.strictObject({ at: z.literal("beginning") }),
  z.strictObject({
    at: z.literal("time"),
    /** The first event that was received at this time or later. */
    time: instantInput,
  }),
])

const draftShape = {
  kind: z.string().max(40),
  settings: settingsInput,
  credentials: credentialsInput.default({}),
  /** In its written form, as in the url of the log; empty = every event. */
  query: queryInput.default(""),
  /** Absent: the first one of the kind. */
  format: formatInput.optional(),
  redactIdentity: z.boolean().default(false),
  /** Parts of the event that copies leave out. */
  omit: omitInput.default([]),
}

/** A new sink. */
export const createInput = z.strictObject({
  name: nameInput,
  ...draftShape,
  begin: beginInput.default({ at: "now" }),
})

/** A change of a sink. What is absent stays as it is. */
export const updateInput = z.strictObject({
  id: sinkId,
  /** The version that the caller has read. */
  version: z.int().min(1),
  name: nameInput.optional(),
  /** May be sent back, and cannot change. */
  kind: z.string().max(40).optional(),
  settings: settingsInput.optional(),
  credentials: credentialsInput.default({}),
  query: queryInput.optional(),
  format: formatInput.optional(),
  redactIdentity: z.boolean().optional(),
  omit: omitInput.optional(),
})

/** A test send: of a stored sink, of a draft, or of a change before it is saved. */
export const testInput = z
  .strictObject({
    id: sinkId.optional(),
    draft: z.strictObject({ ...draftShape, name: z.string().max(100).default("") }).optional(),
  })
  .refine(({ id, draft }) => id !== undefined || draft !== undefined, "Give the id of a sink, or a draft.")

/** The numbers of events, `past` not included; or when they were received, `to` not included. */
export const rangeInput = z.union(
  [
    z.strictObject({ first: z.int().min(0), past: z.int().min(1) }),
    z.strictObject({ from: instantInput, to: instantInput }),
  ],
  "Give first and past as numbers, or from and to as times.",
)

export type RangeInput = z.infer<typeof rangeInput>

export const countRangeInput = z.strictObject({ id: sinkId, range: rangeInput })

export const replayInput = z.strictObject({
  id: sinkId,
  range: rangeInput,
  /** Required above 10,000,000 events. */
  confirmed: z.boolean().default(false),
})

export const cancelReplayInput = z.strictObject({ id: sinkId, replayId: z.uuid("Give the id of a replay.") })

export const listDeliveriesInput = z.strictObject({
  id: sinkId,
  /** `next` of the page before. */
  before: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "is no page")
    .optional(),
  /** How far back; receipts are kept for 30 days. */
  hours: z.int().min(1).max(720).default(24),
  /** Only attempts with another outcome than taken. */
  troubledOnly: z.boolean().default(false),
  limit: z.int().min(1).max(200).default(50),
})

export const listDeadLettersInput = z.strictObject({
  id: sinkId,
  /** `next` of the page before. */
  after: z.int().min(0).optional(),
  limit: z.int().min(1).max(200).default(50),
})

export const retryDeadLettersInput = z.strictObject({
  id: sinkId,
  /** The numbers of the events. Absent: every event that the sink refused. */
  indexes: z.array(z.int().min(0)).min(1).max(1_000).optional(),
})
export type TestInput = z.infer<typeof testInput>
