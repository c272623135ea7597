import { z } from "zod"
import { credentialsInput } from "@/lib/operations/sinks/inputs"
import { schema } from "./openapi-events"

const text = z.string()
const amount = z.int().min(0)
const instant = z.iso.datetime({ offset: true })
const id = z.uuid()
const settings = z.record(text, z.unknown()).describe("As the kind declares them: see the list of kinds.")
const credentials = credentialsInput.describe(
  "Secrets by their names. They are never answered. Null deletes one; an absent one stays, unless the host changes.",
)

const lastError = z.strictObject({
  kind: text.describe("later, configuration, gone or credentials."),
  message: text,
  at: instant,
})

const progressShape = {
  next: amount.describe("The number of the next event."),
  past: amount.describe("The end of the log or of the replay; not included."),
  behindEvents: amount,
  behindSeconds: amount.nullable().describe("The age of the oldest event that waits."),
  taken: amount,
  passedOver: amount.describe("Not meant by the query of the sink."),
  refused: amount,
  missed: amount.describe("Removed from the log before they could be sent."),
  failures: amount.describe("Failed attempts in a row."),
  firstFailureAt: instant.nullable(),
  lastSuccessAt: instant.nullable(),
  lastError: lastError.nullable(),
  nextAttemptAt: instant.nullable(),
}

const progress = schema("SinkProgress", "How far a sink is in the log.", z.strictObject(progressShape))
const replay = schema(
  "SinkReplay",
  "A part of the log that is sent once more.",
  z.strictObject({
    ...progressShape,
    ...{ id, first: amount, startedAt: instant, startedBy: text.nullable(), endedAt: instant.nullable() },
  }),
)

const credentialShape = { name: text, label: text, required: z.boolean() }

/** A sink. */
export const sinkAnswer = schema(
  "Sink",
  "Where copies of events go, and how far it is. No credential is ever in it.",
  z.strictObject({
    ...{ id, name: text, kind: text, kindLabel: text, destination: text, settings },
    credentials: z.array(z.strictObject({ ...credentialShape, isSet: z.boolean() })),
    credentialsSetAt: instant.nullable(),
    credentialsSetBy: text.nullable(),
    query: text.describe("As in the url of the log; empty: every event."),
    ...{ format: text, redactIdentity: z.boolean(), omit: z.array(text) },
    version: z.int().min(1).describe("Increased by every change."),
    state: z.enum(["delivering", "waiting", "failing", "misconfigured", "paused"]),
    pausedReason: z.enum(["person", "gone", "credentials", "dead-letters"]).nullable(),
    pausedAt: instant.nullable(),
    isServer: z.boolean().describe("The environment of the server makes it: it is read only."),
    setBy: z.array(text).describe("The variables that make it."),
    ...{ createdAt: instant.nullable(), createdBy: text.nullable() },
    progress,
    deadLetters: amount.describe("Events that it refuses, those that are still tried included."),
    replays: z.array(replay),
  }),
)

/** The sinks of the organization. */
export const sinksAnswer = schema(
  "Sinks",
  "The sinks of the organization, the one of the environment first.",
  z.strictObject({
    sinks: z.array(sinkAnswer),
    losses: z
      .strictObject({ instances: amount, dropped: amount })
      .describe("SDKs and proxies that could not record calls within the last day."),
  }),
)

const field = z.strictObject({
  ...{ name: text, label: text, help: text.optional() },
  input: z.enum(["text", "url", "number", "switch", "choice", "pem"]),
  choices: z.array(z.strictObject({ value: text, label: text })).optional(),
  placeholder: text.optional(),
  initial: z.union([text, z.number(), z.boolean()]).optional(),
})

/** The kinds of sinks. */
export const sinkKindsAnswer = schema(
  "SinkKinds",
  "The kinds that the organization may have, and what each needs.",
  z.strictObject({
    kinds: z.array(
      z.strictObject({
        ...{ kind: text, label: text, summary: text, fields: z.array(field) },
        credentials: z.array(z.strictObject(credentialShape)),
        formats: z.array(z.strictObject({ name: text, label: text, summary: text })),
        order: z.enum(["strict", "by item"]),
        proof: text.describe("What an answer of the receiver proves."),
      }),
    ),
    omittable: z.array(z.strictObject({ name: text, label: text })),
  }),
)

const copyShape = {
  query: text.max(65_536).optional(),
  format: text.max(40).optional(),
  redactIdentity: z.boolean().optional(),
  omit: z.array(text.max(40)).max(20).optional(),
}
const draft = z.strictObject({
  ...{ name: text.max(100).optional(), kind: text, settings, credentials: credentials.optional() },
  ...copyShape,
})

/** A new sink. */
export const sinkCreation = schema(
  "SinkCreation",
  "A new sink. It begins with the next event, unless begin says otherwise.",
  draft.extend({
    name: text.min(1).max(100),
    begin: z
      .union([
        z.strictObject({ at: z.enum(["now", "beginning"]) }),
        z.strictObject({ at: z.literal("time"), time: instant }),
      ])
      .optional(),
  }),
)

/** A change of a sink. */
export const sinkChange = schema(
  "SinkChange",
  "What is absent stays as it is. Another host forgets the credentials: enter them again.",
  z.strictObject({
    version: z.int().min(1).describe("The version that was read."),
    name: text.min(1).max(100).optional(),
    kind: text.optional().describe("Cannot change."),
    settings: settings.optional(),
    credentials: credentials.optional(),
    ...copyShape,
  }),
)

/** A test of a sink that is not saved. */
export const sinkDraftTest = schema(
  "SinkDraftTest",
  "A sink to be tried before it is saved; with an id, a change of that sink.",
  z.strictObject({ id: id.optional(), draft }),
)

/** What a test send did. */
export const sinkTestAnswer = schema(
  "SinkTest",
  "What was sent, and what came back.",
  z.strictObject({
    sent: text.describe("Exactly what was sent; credentials are replaced by their names."),
    taken: z.boolean(),
    durationMs: amount,
    answer: text,
  }),
)

const range = z.union([
  z.strictObject({ first: amount, past: z.int().min(1) }),
  z.strictObject({ from: instant, to: instant }),
])

/** A replay to begin. */
export const sinkReplayInput = schema(
  "SinkReplayInput",
  "Numbers of events, past not included; or when they were received, to not included.",
  z.strictObject({
    range,
    confirmed: z.boolean().optional().describe("Required above 10,000,000 events."),
  }),
)

/** A counted range. */
export const sinkRange = schema(
  "SinkRange",
  "What a replay would send, before the query of the sink.",
  z.strictObject({ first: amount, past: amount, events: amount, needsConfirmation: z.boolean() }),
)

/** A page of receipts. */
export const sinkDeliveries = schema(
  "SinkDeliveries",
  "Receipts, the newest first.",
  z.strictObject({
    deliveries: z.array(
      z.strictObject({
        ...{ id, at: instant, durationMs: amount },
        outcome: z.enum(["taken", "partly", "later", "configuration", "gone", "credentials"]),
        ...{
          first: amount,
          past: amount,
          batchId: id,
          events: amount,
          taken: amount,
          refused: amount,
          bytes: amount,
        },
        ...{ answer: text.nullable(), isReplay: z.boolean() },
      }),
    ),
    next: text.nullable().describe("Send it as before."),
    day: z
      .strictObject({ attempts: amount, failed: amount, taken: amount, refused: amount, bytes: amount })
      .describe("All of the last 24 hours."),
  }),
)

/** A page of refused events. */
export const sinkDeadLetters = schema(
  "SinkDeadLetters",
  "Events that the sink refuses, in the order of their numbers.",
  z.strictObject({
    deadLetters: z.array(
      z.strictObject({
        ...{ id, index: amount, eventId: id, reason: text, tries: z.int().min(1) },
        ...{ firstRefusedAt: instant, lastRefusedAt: instant },
        nextTryAt: instant.nullable().describe("Null: only when somebody asks."),
      }),
    ),
    next: amount.nullable().describe("Send it as after."),
    total: amount,
  }),
)

/** Which refused events to send once more. */
export const sinkRetry = schema(
  "SinkRetry",
  "The numbers of the events; absent: all of them.",
  z.strictObject({ indexes: z.array(amount).min(1).max(1_000).optional() }),
)

export const sinkRetried = schema(
  "SinkRetried",
  "How many are tried again.",
  z.strictObject({ retried: amount }),
)
export const sinkDeleted = schema("SinkDeleted", "The sink that is gone.", z.strictObject({ id }))
