import { fetchCapturePolicy, readCapturePolicy } from "@/lib/operations/capture/policy"
import { reportCaptureCounts } from "@/lib/operations/capture/report"
import { readUcpLogging, updateUcpLogging } from "@/lib/operations/capture/ucp-logging"
import { updateCapturePolicy } from "@/lib/operations/capture/update"
import {
  capturePolicyAnswer,
  capturePolicyChange,
  captureReport,
  captureReportAnswer,
  ucpLogging,
} from "./openapi-capture"
import { content, type Endpoint, type Json, json, refer, text } from "./openapi-endpoint"

const header = (name: string, description: string): Json => ({
  name,
  in: "header",
  description,
  schema: text,
})
const ifMatch = header(
  "If-Match",
  "The ETag of a reading: the request is refused when something else is there now.",
)
const withTag = (answer: Json): Json => ({
  ...answer,
  headers: { ETag: { description: "Changes with anything of the answer.", schema: text } },
})
const locked = "The environment of the server sets this; `errors` names the variable."

/** The endpoints by which the policy is read and changed, and calls are counted. */
export const captureEndpoints: readonly Endpoint[] = [
  {
    id: "readCapturePolicy",
    method: "get",
    path: "/api/v1/capture/policy",
    operation: readCapturePolicy,
    orPermission: fetchCapturePolicy.permission,
    parameters: [header("If-None-Match", "The ETag of an earlier answer: 304 while it is still the same.")],
    answers: {
      200: withTag(
        json("The policy that counts, with what the environment sets on top.", capturePolicyAnswer),
      ),
      304: { description: "Still the same." },
    },
    refusals: [],
  },
  {
    id: "updateCapturePolicy",
    method: "put",
    path: "/api/v1/capture/policy",
    operation: updateCapturePolicy,
    parameters: [ifMatch],
    requestBody: { required: true, content: content("application/json", refer(capturePolicyChange)) },
    answers: { 200: withTag(json("The policy that counts from now on.", capturePolicyAnswer)) },
    refusals: [400, 409, 412, 413, 415, 422],
    conflicts: ["locked"],
    refused: { 409: locked },
  },
  {
    id: "reportCaptureCounts",
    method: "post",
    path: "/api/v1/capture/counts",
    operation: reportCaptureCounts,
    description:
      "A report whose number is not above the last one of its instance counts nothing, so it can be sent again.",
    requestBody: { required: true, content: content("application/json", refer(captureReport)) },
    answers: { 200: json("The report was counted, or had been.", captureReportAnswer) },
    refusals: [400, 413, 415, 422],
  },
  {
    id: "readUcpLogging",
    method: "get",
    path: "/api/ucp/config/logging",
    operation: readUcpLogging,
    description:
      "One line without spaces. A policy that no level describes is shown as the nearest lower one, with the header X-Auditorium-Policy: custom.",
    answers: { 200: withTag(json("The settings.", ucpLogging)) },
    refusals: [],
  },
  {
    id: "updateUcpLogging",
    method: "put",
    path: "/api/ucp/config/logging",
    operation: updateUcpLogging,
    description: "Putting back what was read changes nothing.",
    parameters: [ifMatch],
    requestBody: { required: true, content: content("application/json", refer(ucpLogging)) },
    answers: { 200: withTag(json("The settings from now on.", ucpLogging)) },
    refusals: [400, 409, 412, 413, 415, 422],
    conflicts: ["locked"],
    refused: { 409: `${locked} Or the server log, which several organizations share.` },
  },
]
