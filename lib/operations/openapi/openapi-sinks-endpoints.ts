import { cancelReplay } from "@/lib/operations/sinks/cancel-replay"
import { countSinkRange } from "@/lib/operations/sinks/count-range"
import { createSink } from "@/lib/operations/sinks/create"
import { listDeadLetters } from "@/lib/operations/sinks/dead-letters"
import { deleteSink } from "@/lib/operations/sinks/delete"
import { listDeliveries } from "@/lib/operations/sinks/deliveries"
import { findSink } from "@/lib/operations/sinks/find"
import { listSinkKinds } from "@/lib/operations/sinks/kinds"
import { listSinks } from "@/lib/operations/sinks/list"
import { pauseSink } from "@/lib/operations/sinks/pause"
import { replaySink } from "@/lib/operations/sinks/replay"
import { resumeSink } from "@/lib/operations/sinks/resume"
import { retryDeadLetters } from "@/lib/operations/sinks/retry"
import { testSink } from "@/lib/operations/sinks/test"
import { updateSink } from "@/lib/operations/sinks/update"
import { content, type Endpoint, type Json, json, refer, text } from "./openapi-endpoint"
import {
  sinkAnswer,
  sinkChange,
  sinkCreation,
  sinkDeadLetters,
  sinkDeleted,
  sinkDeliveries,
  sinkDraftTest,
  sinkKindsAnswer,
  sinkRange,
  sinkReplayInput,
  sinkRetried,
  sinkRetry,
  sinksAnswer,
  sinkTestAnswer,
} from "./openapi-sinks"

const segment = (name: string): Json => ({
  name,
  in: "path",
  required: true,
  schema: { type: "string", format: "uuid" },
})
const parameter = (name: string, description: string, schema: Json): Json => ({
  name,
  in: "query",
  description,
  schema,
})
const number: Json = { type: "integer", minimum: 0 }
const page = parameter("limit", "Entries a page.", { type: "integer", minimum: 1, maximum: 200, default: 50 })
const body = (schema: Parameters<typeof refer>[0]): Json => ({
  required: true,
  content: content("application/json", refer(schema)),
})
const ofBody = [400, 413, 415, 422]
const inTheWay =
  "Something else is in the way: the state or the name of a sink, or the environment of the server, which `errors` names."
const one = "/api/v1/sinks/{id}"

/** The endpoints of sinks: where copies of events go. */
export const sinkEndpoints: readonly Endpoint[] = [
  {
    ...{ id: "listSinks", method: "get", path: "/api/v1/sinks", operation: listSinks },
    answers: { 200: json("The sinks.", sinksAnswer) },
    refusals: [],
  },
  {
    ...{ id: "createSink", method: "post", path: "/api/v1/sinks", operation: createSink },
    requestBody: body(sinkCreation),
    answers: { 201: json("The sink, which delivers from now on.", sinkAnswer) },
    refusals: [...ofBody, 409],
    conflicts: ["conflict", "locked"],
    refused: { 409: inTheWay },
  },
  {
    ...{ id: "listSinkKinds", method: "get", path: "/api/v1/sinks/kinds", operation: listSinkKinds },
    answers: { 200: json("The kinds.", sinkKindsAnswer) },
    refusals: [],
  },
  {
    ...{ id: "testSinkDraft", method: "post", path: "/api/v1/sinks/test", operation: testSink },
    requestBody: body(sinkDraftTest),
    answers: { 200: json("What was sent and answered, whether it was taken or not.", sinkTestAnswer) },
    refusals: ofBody,
  },
  {
    ...{ id: "findSink", method: "get", path: one, operation: findSink },
    parameters: [segment("id")],
    answers: { 200: json("The sink.", sinkAnswer) },
    refusals: [404, 422],
  },
  {
    ...{ id: "updateSink", method: "patch", path: one, operation: updateSink },
    parameters: [segment("id")],
    requestBody: body(sinkChange),
    answers: { 200: json("The sink as it is from now on.", sinkAnswer) },
    refusals: [...ofBody, 404, 409],
    conflicts: ["conflict", "locked"],
    refused: { 409: inTheWay },
  },
  {
    ...{ id: "deleteSink", method: "delete", path: one, operation: deleteSink },
    parameters: [segment("id")],
    answers: { 200: json("The sink is gone.", sinkDeleted) },
    refusals: [404, 409, 422],
    conflicts: ["conflict", "locked"],
    refused: { 409: inTheWay },
  },
  {
    ...{ id: "pauseSink", method: "post", path: `${one}/pause`, operation: pauseSink },
    parameters: [segment("id")],
    answers: { 200: json("The sink, paused.", sinkAnswer) },
    refusals: [404, 409, 422],
    conflicts: ["conflict", "locked"],
    refused: { 409: inTheWay },
  },
  {
    ...{ id: "resumeSink", method: "post", path: `${one}/resume`, operation: resumeSink },
    parameters: [segment("id")],
    answers: { 200: json("The sink, which goes on where it stopped.", sinkAnswer) },
    refusals: [404, 409, 422],
    conflicts: ["conflict", "locked"],
    refused: { 409: inTheWay },
  },
  {
    ...{ id: "testSink", method: "post", path: `${one}/test`, operation: testSink },
    parameters: [segment("id")],
    answers: { 200: json("What was sent and answered, whether it was taken or not.", sinkTestAnswer) },
    refusals: [404, 409, 422],
    conflicts: ["conflict", "locked"],
    refused: { 409: inTheWay },
  },
  {
    ...{ id: "countSinkRange", method: "get", path: `${one}/range`, operation: countSinkRange },
    parameters: [
      segment("id"),
      parameter("first", "The number of the first event.", number),
      parameter("past", "The end; not included.", number),
      parameter("from", "Instead of numbers: events that were received from this time on.", text),
      parameter("to", "The end of the time range; not included.", text),
    ],
    answers: { 200: json("The range in numbers.", sinkRange) },
    refusals: [404, 422],
  },
  {
    ...{ id: "replaySink", method: "post", path: `${one}/replays`, operation: replaySink },
    parameters: [segment("id")],
    requestBody: body(sinkReplayInput),
    answers: { 201: json("The sink, with the replay that has begun.", sinkAnswer) },
    refusals: [...ofBody, 404, 409],
    conflicts: ["conflict", "locked"],
    refused: { 409: inTheWay },
  },
  {
    ...{ id: "cancelReplay", method: "delete", path: `${one}/replays/{replayId}`, operation: cancelReplay },
    parameters: [segment("id"), segment("replayId")],
    answers: { 200: json("The sink, without the replay.", sinkAnswer) },
    refusals: [404, 409, 422],
    conflicts: ["conflict", "locked"],
    refused: { 409: inTheWay },
  },
  {
    ...{ id: "listDeliveries", method: "get", path: `${one}/deliveries`, operation: listDeliveries },
    parameters: [
      segment("id"),
      parameter("hours", "How far back; receipts are kept for 30 days.", {
        ...number,
        minimum: 1,
        maximum: 720,
        default: 24,
      }),
      parameter("troubledOnly", "Only attempts with another outcome than taken.", {
        type: "boolean",
        default: false,
      }),
      parameter("before", "`next` of the page before.", text),
      page,
    ],
    answers: { 200: json("A page of receipts.", sinkDeliveries) },
    refusals: [404, 422],
  },
  {
    ...{ id: "listDeadLetters", method: "get", path: `${one}/dead-letters`, operation: listDeadLetters },
    parameters: [segment("id"), parameter("after", "`next` of the page before.", number), page],
    answers: { 200: json("A page of refused events.", sinkDeadLetters) },
    refusals: [404, 422],
  },
  {
    ...{
      id: "retryDeadLetters",
      method: "post",
      path: `${one}/dead-letters/retry`,
      operation: retryDeadLetters,
    },
    parameters: [segment("id")],
    requestBody: body(sinkRetry),
    answers: { 200: json("They are sent once more.", sinkRetried) },
    refusals: [...ofBody, 404],
  },
]
