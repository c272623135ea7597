import { presets } from "@/lib/audit/capture/policy"
import { type EndpointExamples, exampleIds as ids, jsonExample } from "./openapi-examples-json"

const policy = { ...presets.ours, default: { call: true, data: false, resultData: false } }
const answer = { version: 3, policy, supportDumpIncludes: false, locks: [] }
const locks = [
  {
    pointer: "/enabled",
    variable: "CLEARML__APISERVER__AUDIT__ENABLED",
    line: "line 12 of /etc/apiserver.conf",
  },
]
const settings = { logLevel: "INFO", auditLevel: "metadata", supportDumpIncludeAuditLogs: false }

/** Examples of the endpoints of capture. */
export const captureExamples: Readonly<Record<string, EndpointExamples>> = {
  readCapturePolicy: {
    answers: { 200: { "application/json": { saved: answer, locked: { ...answer, locks } } } },
  },
  updateCapturePolicy: {
    request: jsonExample({ policy, supportDumpIncludes: false, version: 3 }),
    answers: { 200: jsonExample({ ...answer, version: 4 }) },
  },
  reportCaptureCounts: {
    request: jsonExample({
      ...{ instance: ids.instance, sequence: 12, kind: "express", version: "0.1.0", profile: "generic" },
      ...{ host: "web-1", policyVersion: 3, dropped: 0 },
      counts: [
        {
          ...{ hour: "2026-11-30T08:00:00Z", endpoint: "/orders/{id}", method: "GET", class: "2xx" },
          ...{ calls: 10, bytesIn: 0, bytesOut: 20_480 },
        },
      ],
    }),
    answers: { 200: jsonExample({ outcome: "counted", policyVersion: 3, passedOver: 0 }) },
  },
  readUcpLogging: { answers: { 200: jsonExample(settings) } },
  updateUcpLogging: {
    request: jsonExample({ ...settings, auditLevel: "request" }),
    answers: { 200: jsonExample({ ...settings, auditLevel: "request" }) },
  },
}
