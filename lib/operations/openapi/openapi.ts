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
import { endpointExamples, withExamples } from "./openapi-examples"
import type { EndpointExamples } from "./openapi-examples-json"
import { problemExamples } from "./openapi-examples-problems"
import { describeRefusal, everywhere, refusalWords } from "./openapi-refusals"
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

function parameter(name: string, description: string, schema: Json): Json {
  return {
    name,
    in: "query",
    description,
    schema,
    ...(schema.type === "array" && { style: "form", explode: true }),
  }
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
      examples: problemExamples,
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
  conflicts = ["conflict"],
  id,
}: Endpoint): Json {
  const examples = endpointExamples[id]
  const needs =
    operation.permission === "public"
      ? "Any key."
      : `Needs the permission ${[operation.permission, orPermission].filter(Boolean).join(" or ")}.`
  const refused = [...new Set([...everywhere, ...refusals])].filter(status => answers[status] === undefined)
  const responses = Object.fromEntries(
    refused
      .sort((a, b) => a - b)
      .map(status => [
        status,
        describeRefusal(status, { words: words[status], codes: status === 409 ? conflicts : undefined }),
      ]),
  )
  return {
    operationId: id,
    summary: operation.summary,
    description: description === undefined ? needs : `${description.replaceAll("\n", " ")}\n\n${needs}`,
    ...(parameters && { parameters }),
    ...(requestBody && {
      requestBody: { ...requestBody, content: withExamples(requestBody.content, examples?.request) },
    }),
    responses: { ...describeAnswers(answers, examples?.answers), ...responses },
  }
}

function describeAnswers(answers: Endpoint["answers"], examples: EndpointExamples["answers"] = {}): Json {
  return Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => [
      status,
      answer.content === undefined
        ? answer
        : { ...answer, content: withExamples(answer.content, examples[Number(status)]) },
    ]),
  )
}

function describeSchemas(): Json {
  const { schemas } = z.toJSONSchema(apiSchemas, { uri: id => `#/components/schemas/${id}`, io: "input" })
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _, $id: __, id: ___, ...rest }]) => [name, rest]),
  )
}
