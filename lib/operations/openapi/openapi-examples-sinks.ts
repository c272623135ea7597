import { type EndpointExamples, exampleIds as ids, jsonExample } from "./openapi-examples-json"

const progress = {
  next: 1208,
  past: 1208,
  behindEvents: 0,
  behindSeconds: null,
  ...{ taken: 1180, passedOver: 28, refused: 0, missed: 0, failures: 0 },
  firstFailureAt: null,
  lastSuccessAt: "2026-11-30T09:15:31.020000Z",
  lastError: null,
  nextAttemptAt: null,
}
const replay = {
  ...progress,
  ...{ next: 0, past: 500, taken: 0, passedOver: 0, behindEvents: 500, lastSuccessAt: null },
  ...{
    id: ids.replay,
    first: 0,
    startedAt: "2026-11-30T09:20:00.000000Z",
    startedBy: "Ada Lovelace",
    endedAt: null,
  },
}
const settings = { url: "https://hooks.example.com/audit" }
const sink = {
  ...{ id: ids.sink, name: "Hook", kind: "webhook", kindLabel: "Webhook" },
  destination: "hooks.example.com",
  settings,
  credentials: [{ name: "secret", label: "Secret", required: true, isSet: true }],
  credentialsSetAt: "2026-11-29T16:00:00.000000Z",
  credentialsSetBy: "Ada Lovelace",
  ...{ query: "status=failure", format: "native", redactIdentity: false, omit: [] },
  ...{ version: 1, state: "delivering", pausedReason: null, pausedAt: null, isServer: false, setBy: [] },
  ...{ createdAt: "2026-11-29T16:00:00.000000Z", createdBy: "Ada Lovelace" },
  progress,
  deadLetters: 0,
  replays: [],
}
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
const draft = { kind: "webhook", settings, credentials: { secret }, query: "status=failure" }
const test = {
  sent: 'POST /audit HTTP/1.1\nhost: hooks.example.com\nwebhook-signature: [secret]\n\n{"operation":"sink.test"}',
  taken: true,
  durationMs: 41,
  answer: "HTTP/1.1 204 No Content",
}
const paused = { ...sink, state: "paused", pausedReason: "person", pausedAt: "2026-11-30T09:18:00.000000Z" }
const kinds = [
  {
    ...{
      kind: "webhook",
      label: "Webhook",
      summary: "Posts events to a url, signed as Standard Webhooks says.",
    },
    fields: [{ name: "url", label: "URL", input: "url", placeholder: "https://hooks.example.com/audit" }],
    credentials: [{ name: "secret", label: "Secret", required: true }],
    formats: [{ name: "native", label: "Auditorium", summary: "The event as the API answers it." }],
    order: "strict",
    proof: "A status of 2xx: the receiver has taken the batch.",
  },
]
const day = { attempts: 96, failed: 1, taken: 1180, refused: 0, bytes: 590_000 }

/** Examples of the endpoints of sinks. */
export const sinkExamples: Readonly<Record<string, EndpointExamples>> = {
  listSinks: {
    answers: { 200: jsonExample({ sinks: [sink], losses: { instances: 0, dropped: 0 } }) },
  },
  createSink: {
    request: jsonExample({ name: "Hook", ...draft, begin: { at: "beginning" } }),
    answers: { 201: jsonExample(sink) },
  },
  listSinkKinds: {
    answers: { 200: jsonExample({ kinds, omittable: [{ name: "metadata", label: "Metadata" }] }) },
  },
  testSinkDraft: { request: jsonExample({ draft }), answers: { 200: jsonExample(test) } },
  findSink: { answers: { 200: jsonExample(sink) } },
  updateSink: {
    request: jsonExample({ version: 1, name: "Failures", query: "status=failure&status=denied" }),
    answers: {
      200: jsonExample({ ...sink, version: 2, name: "Failures", query: "status=denied&status=failure" }),
    },
  },
  deleteSink: { answers: { 200: jsonExample({ id: ids.sink }) } },
  pauseSink: { answers: { 200: jsonExample(paused) } },
  resumeSink: { answers: { 200: jsonExample(sink) } },
  testSink: { answers: { 200: jsonExample(test) } },
  countSinkRange: {
    answers: { 200: jsonExample({ first: 0, past: 500, events: 500, needsConfirmation: false }) },
  },
  replaySink: {
    request: {
      "application/json": {
        numbers: { range: { first: 0, past: 500 } },
        times: { range: { from: "2026-11-01T00:00:00Z", to: "2026-12-01T00:00:00Z" } },
      },
    },
    answers: { 201: jsonExample({ ...sink, replays: [replay] }) },
  },
  cancelReplay: { answers: { 200: jsonExample(sink) } },
  listDeliveries: {
    answers: {
      200: jsonExample({
        deliveries: [
          {
            ...{ id: ids.delivery, at: "2026-11-30T09:15:31.020000Z", durationMs: 41, outcome: "taken" },
            ...{ first: 1207, past: 1208, batchId: ids.batch, events: 1, taken: 1, refused: 0, bytes: 612 },
            ...{ answer: null, isReplay: false },
          },
        ],
        next: null,
        day,
      }),
    },
  },
  listDeadLetters: {
    answers: {
      200: jsonExample({
        deadLetters: [
          {
            ...{
              id: ids.delivery,
              index: 1100,
              eventId: ids.event,
              reason: "400: the field is too long",
              tries: 3,
            },
            ...{
              firstRefusedAt: "2026-11-30T08:00:00.000000Z",
              lastRefusedAt: "2026-11-30T08:10:00.000000Z",
            },
            nextTryAt: null,
          },
        ],
        next: null,
        total: 1,
      }),
    },
  },
  retryDeadLetters: {
    request: { "application/json": { all: {}, some: { indexes: [1100] } } },
    answers: { 200: jsonExample({ retried: 1 }) },
  },
}
