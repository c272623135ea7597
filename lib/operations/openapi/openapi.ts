import { z } from "zod"
import { fieldNames, fields } from "@/lib/audit/query/fields"
import { defaultLimit, maximumLimit } from "@/lib/audit/query/query"
import { presets } from "@/lib/audit/time/window"
import { describeKey } from "@/lib/operations/api-keys/describe"
import { version } from "@/lib/operations/core/version"
import { exportEvents, exportFormats } from "@/lib/operations/events/export"
import { findEvent } from "@/lib/operations/events/find"
import { ingestEvents } from "@/lib/operations/events/ingest"
import { sendLimits } from "@/lib/operations/events/items"
import { searchEvents } from "@/lib/operations/events/search"
import { captureEndpoints } from "./openapi-capture-endpoints"
import { content, type Endpoint, type Json, json, refer, text } from "./openapi-endpoint"
import { eventInput } from "./openapi-event-input"
import { apiSchemas } from "./openapi-events"
import {
  batchProblem,
  batchResult,
  eventPage,
  exportedEvent,
  foundEvent,
  keyDescription,
  problem,
  queryObject,
  receipt,
} from "./openapi-schemas"
import { sinkEndpoints } from "./openapi-sinks-endpoints"

const refusalWords: Readonly<Record<number, string>> = {
  400: "The body cannot be read: not JSON, not UTF-8, cut off.",
  401: "No API key, or one that is unknown, expired or revoked.",
  403: "The key lacks the permission.",
  404: "Unknown, foreign and outside what the key may see are the same.",
  408: "The request took too long to arrive. It is unknown whether anything was kept: send the same ids again.",
  409: "There is another event with this id.",
  412: "Changed since the caller read it: `If-Match` or `version` names something older.",
  410: "The event has expired: its entry in the ledger remains, its content was removed.",
  413: "More bytes or items than one request may send.",
  414: "The address has more than 8 KiB or 200 parameters; larger questions go to POST /api/v1/events/search.",
  415: "A content type or encoding that is not understood.",
  422: "Readable, but not acceptable; `errors` points at every fault.",
  429: "Too fast. `Retry-After` says when to come back.",
  431: "The headers have more than 16 KiB or 100 lines.",
  500: "An error of ours; the request id names it in the log.",
  503: "Come back after `Retry-After`; nothing of the request was kept, or it is unknown: send it again with the same ids.",
  504: "The database stopped this before it was done: it took too long, or somebody cancelled it.",
}
/** 408, 414 and 431 come from the server before the request is read. */
const everywhere = [401, 403, 408, 414, 429, 431, 500, 503, 504]
const saysWhenToComeAgain = new Set([408, 429, 503, 504])

function parameter(name: string, description: string, schema: Json): Json {
  return {
    name,
    in: "query",
    description,
    schema,
    ...(schema.type === "array" && { style: "form", explode: true }),
  }
}

const retryAfter: Json = {
  description: "Seconds to wait before the same request is sent again.",
  schema: { type: "integer", minimum: 0 },
}

const texts: Json = { type: "array", items: { type: "string" } }

/** The parameters of a query, derived from the declared fields. */
const queryParameters: readonly Json[] = [
  parameter("window", "A window that ends now or a calendar's; default 30d, in recorded order all.", {
    type: "string",
    enum: [...Object.keys(presets), "all"],
  }),
  parameter("from", "Start of the window: year, month, date, date-time or instant.", text),
  parameter("to", "End of the time range, included to its own precision: 2026-03-31 is the whole day.", text),
  parameter("zone", "IANA zone in which days begin; default UTC.", text),
  parameter("exclude-today", "1 ends the window at the last midnight.", { type: "string", enum: ["0", "1"] }),
  ...fieldNames.flatMap(name => [
    parameter(name, `${fields[name].label}: ${fields[name].hint}. Several mean either.`, texts),
    parameter(`-${name}`, `Without these: ${fields[name].label}.`, texts),
  ]),
  parameter("text", "A part of description, operation, names, ids, request id or source.", text),
  parameter("order", "recorded is the order of the index, for pullers.", {
    type: "string",
    enum: ["newest", "oldest", "recorded"],
  }),
  parameter("as-of", "Only events numbered below this: the size of the log when the question was asked.", {
    type: "integer",
    minimum: 0,
  }),
]

const pageParameters: readonly Json[] = [
  parameter("limit", "Events a page.", {
    type: "integer",
    minimum: 1,
    maximum: maximumLimit,
    default: defaultLimit,
  }),
  parameter(
    "cursor",
    "`nextCursor` of the page before; everything else of the question must be the same.",
    text,
  ),
]

const ingestDescription = `One event (201 accepted, 200 duplicate, 409 conflict, 422 rejected), or a batch: an array or one
event a line (201 when any was accepted, 200 when all that is kept was there before, 422 when none was kept). A batch always
answers one result per item, in order. 201 and 200 mean committed to disk. The body may be gzip; at most
${sendLimits.singleBytes} bytes for one event, ${sendLimits.batchBytes} bytes and ${sendLimits.batchItems} items for a batch, unfolded.`

/** All endpoints of the API that run an operation. */
export const endpoints: readonly Endpoint[] = [
  {
    id: "ingestEvents",
    method: "post",
    path: "/api/v1/events",
    operation: ingestEvents,
    description: ingestDescription,
    requestBody: {
      required: true,
      content: {
        "application/json": {
          schema: {
            oneOf: [
              refer(eventInput),
              { type: "array", items: refer(eventInput), minItems: 1, maxItems: sendLimits.batchItems },
            ],
          },
        },
        "application/x-ndjson": { schema: text },
        "application/jsonl": { schema: text },
      },
    },
    answers: {
      200: oneOrMany("Kept before: the answer that the first sending got."),
      201: oneOrMany("Accepted and committed."),
      422: {
        description: refusalWords[422],
        content: content("application/problem+json", { anyOf: [refer(problem), refer(batchProblem)] }),
      },
    },
    refusals: [400, 409, 413, 415],
    refused: {
      504: "The database stopped this before it was done. It is unknown whether the events were kept: send the same ids again after `Retry-After`; those that were kept are duplicates.",
    },
  },
  {
    id: "searchEvents",
    method: "get",
    path: "/api/v1/events",
    operation: searchEvents,
    parameters: [...queryParameters, ...pageParameters],
    answers: { 200: json("A page of events.", eventPage) },
    refusals: [422],
  },
  {
    id: "searchEventsByBody",
    method: "post",
    path: "/api/v1/events/search",
    operation: searchEvents,
    requestBody: { required: true, content: content("application/json", refer(queryObject)) },
    answers: { 200: json("A page of events.", eventPage) },
    refusals: [400, 413, 415, 422],
  },
  {
    id: "exportEvents",
    method: "get",
    path: "/api/v1/events/export",
    operation: exportEvents,
    description: "Streamed. The export is itself an event of the log.",
    parameters: [
      parameter("format", "csv: a copy for spreadsheets; jsonl: the evidence, exactly as kept.", {
        type: "string",
        enum: [...exportFormats],
        default: "csv",
      }),
      ...queryParameters,
    ],
    answers: {
      200: {
        description: "Every event of the question, in its order.",
        content: { "text/csv": { schema: text }, "application/jsonl": { schema: refer(exportedEvent) } },
      },
    },
    refusals: [422],
  },
  {
    id: "findEvent",
    method: "get",
    path: "/api/v1/events/{id}",
    operation: findEvent,
    parameters: [{ name: "id", in: "path", required: true, schema: { type: "string", format: "uuid" } }],
    answers: { 200: json("The event.", foundEvent) },
    refusals: [404, 410],
  },
  {
    id: "describeKey",
    method: "get",
    path: "/api/v1/key",
    operation: describeKey,
    answers: { 200: json("What the key is.", keyDescription) },
    refusals: [],
  },
  ...captureEndpoints,
  ...sinkEndpoints,
]

function oneOrMany(description: string): Json {
  return {
    description,
    content: content("application/json", { oneOf: [refer(receipt), refer(batchResult)] }),
  }
}

/** Returns the OpenAPI 3.1 description of the API, built from the operations and their schemas. */
export function describeApi(baseUrl: string): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const endpoint of endpoints) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method]: describeEndpoint(endpoint) }
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Auditorium",
      version,
      description: "Send audit events and read them back. Every refusal is application/problem+json.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: baseUrl }],
    security: [{ apiKey: [] }],
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: "http", scheme: "bearer", description: "An API key of an app, made in the console." },
      },
      schemas: describeSchemas(),
    },
  }
}

function describeEndpoint({
  operation,
  description,
  parameters,
  requestBody,
  answers,
  refusals,
  refused: words = {},
  orPermission,
  id,
}: Endpoint): Json {
  const needs =
    operation.permission === "public"
      ? "Any key."
      : `Needs the permission ${[operation.permission, orPermission].filter(Boolean).join(" or ")}.`
  const refused = [...new Set([...everywhere, ...refusals])].filter(status => answers[status] === undefined)
  const responses = Object.fromEntries(
    refused.sort((a, b) => a - b).map(status => [status, describeRefusal(status, words[status])]),
  )
  return {
    operationId: id,
    summary: operation.summary,
    description: description === undefined ? needs : `${description.replaceAll("\n", " ")}\n\n${needs}`,
    ...(parameters && { parameters }),
    ...(requestBody && { requestBody }),
    responses: { ...answers, ...responses },
  }
}

function describeRefusal(status: number, words = refusalWords[status]): Json {
  return {
    description: words ?? "Refused.",
    ...(saysWhenToComeAgain.has(status) && { headers: { "Retry-After": retryAfter } }),
    content: content("application/problem+json", refer(problem)),
  }
}

function describeSchemas(): Json {
  const { schemas } = z.toJSONSchema(apiSchemas, { uri: id => `#/components/schemas/${id}`, io: "input" })
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _, $id: __, id: ___, ...rest }]) => [name, rest]),
  )
}
