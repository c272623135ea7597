import type { EventInput } from "@/lib/audit/event/input"
import { searchedParts, searchShares } from "@/lib/audit/event/search-text"
import { type EndpointExamples, exampleIds as ids, jsonExample } from "./openapi-examples-json"

const actor = { type: "user", id: "ada", name: "Ada Lovelace", email: "ada@example.com" } as const
const targets = [{ type: "door", id: "front", name: "Front door" }]

/** An event with what most events have. */
export const sentExample = {
  id: ids.event,
  occurredAt: "2026-11-30T09:15:30.250000Z",
  operation: "door.open",
  status: "success",
  actor,
  targets,
  description: "Ada Lovelace opened the front door",
  source: { ip: "203.0.113.7", userAgent: "door-control/2.1" },
  requestId: "req-4711",
  metadata: { badge: "B-17" },
} satisfies EventInput

/** The smallest event. */
const smallestExample = {
  operation: "door.open",
  status: "denied",
  actor: { type: "anonymous" },
} satisfies EventInput

const leafHash = "q0b5xN3mT2s9V7aYc1dE4fG6hJ8kL0pR2tU5wX7zA9c"

/** The same event as the log has it. */
export const keptExample = {
  id: ids.event,
  organizationId: ids.organization,
  appId: ids.app,
  index: 1207,
  leafHash,
  occurredAt: "2026-11-30T09:15:30.250000Z",
  occurredAtAssumed: "none",
  receivedAt: "2026-11-30T09:15:30.412806Z",
  operation: "door.open",
  family: "door",
  description: "Ada Lovelace opened the front door",
  actor,
  targets,
  status: "success",
  source: { ip: "203.0.113.7", ipText: "203.0.113.7", userAgent: "door-control/2.1" },
  requestId: "req-4711",
  details: [],
  changes: [],
  metadata: { badge: "B-17" },
}

const app = { id: ids.app, slug: "doors", name: "Doors" }
const receipt = { outcome: "accepted", id: ids.event, index: 1207, leafHash }
const page = {
  events: [keptExample],
  nextCursor: null,
  searchedBackTo: null,
  textSearched: null,
  window: { from: "2026-11-01T00:00:00.000000Z", before: "2026-12-01T00:00:00.000000Z" },
  asOf: 1208,
  apps: [app],
  fixedQuery:
    "from=2026-11-01T00%3A00%3A00.000000Z&to=2026-11-30T23%3A59%3A59.999999Z&app=doors&status=success&as-of=1208",
}
const pageOfText = {
  ...page,
  events: [],
  textSearched: {
    parts: searchedParts.map(part => ({ part, characters: searchShares[part] })),
    complete: true,
  },
  apps: [],
}
const query = {
  from: "2026-11",
  to: "2026-11",
  include: { app: ["doors"], status: ["success"] },
  exclude: { actor: ["monitor"] },
  order: "newest",
  limit: 50,
}

const faults = [{ pointer: "/status", detail: "is required: one of success, failure, denied, unknown" }]
const counts = { accepted: 1, duplicates: 1, conflicts: 1, rejected: 1 }
const results = [
  receipt,
  { outcome: "duplicate", id: ids.imported, index: 12, leafHash },
  { outcome: "conflict", id: ids.rejected },
  { outcome: "rejected", code: "invalid", errors: faults },
]
const batch = { ...counts, results }
const refused = {
  type: "urn:problem:auditorium:invalid",
  title: "Not acceptable as sent",
  status: 422,
  detail: "No event of the batch was kept.",
  code: "invalid",
  requestId: ids.batch,
}
const refusedBatch = {
  ...refused,
  ...{ accepted: 0, duplicates: 0, conflicts: 0, rejected: 1 },
  results: [{ outcome: "rejected", code: "invalid", errors: faults }],
}

const lines = `${JSON.stringify(sentExample)}\n${JSON.stringify(smallestExample)}\n`

/** Examples of the endpoints of events and of the key. */
export const eventExamples: Readonly<Record<string, EndpointExamples>> = {
  ingestEvents: {
    request: {
      "application/json": {
        one: sentExample,
        smallest: smallestExample,
        batch: [sentExample, smallestExample],
      },
      "application/x-ndjson": { lines },
      "application/jsonl": { lines },
    },
    answers: {
      200: {
        "application/json": {
          one: { ...receipt, outcome: "duplicate" },
          batch: {
            ...{ accepted: 0, duplicates: 1, conflicts: 0, rejected: 0 },
            results: [{ ...receipt, outcome: "duplicate" }],
          },
        },
      },
      201: { "application/json": { one: receipt, batch } },
      422: {
        "application/problem+json": {
          one: {
            ...refused,
            detail: `Not acceptable as sent. /status: ${faults[0]?.detail}`,
            errors: faults,
          },
          batch: refusedBatch,
        },
      },
    },
  },
  searchEvents: { answers: { 200: { "application/json": { page, text: pageOfText } } } },
  searchEventsByBody: {
    request: {
      "application/json": {
        window: { window: "7d", include: { status: ["failure", "denied"] } },
        months: query,
      },
    },
    answers: { 200: jsonExample(page) },
  },
  exportEvents: {
    answers: {
      200: {
        "text/csv": {
          example:
            "\ufeffWhen (UTC),Actor,Description\r\n2026-11-30T09:15:30.250000Z,Ada Lovelace,Ada Lovelace opened the front door\r\n",
        },
        "application/jsonl": {
          line: keptExample,
          imported: {
            ...keptExample,
            id: ids.imported,
            rawFormat: "cloudtrail",
            raw: "eyJldmVudE5hbWUiOiJPcGVuRG9vciJ9",
          },
        },
      },
    },
  },
  findEvent: {
    answers: {
      200: {
        "application/json": {
          own: { event: keptExample, raw: null, app },
          imported: {
            event: { ...keptExample, id: ids.imported, rawFormat: "cloudtrail" },
            raw: "eyJldmVudE5hbWUiOiJPcGVuRG9vciJ9",
            app,
          },
        },
      },
    },
  },
  describeKey: {
    answers: {
      200: jsonExample({
        id: ids.key,
        name: "dashboard",
        organization: { id: ids.organization, slug: "acme", name: "Acme" },
        app,
        permissions: ["LOG-MANAGEMENT", "LOG-EXPORT", "LOG-OWN"],
      }),
    },
  },
}
