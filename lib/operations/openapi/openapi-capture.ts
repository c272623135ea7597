import { z } from "zod"
import { reportLimits, statusClasses } from "@/lib/capture/report"
import { countInput, reportInput } from "@/lib/operations/capture/report"
import { schema } from "./openapi-events"

const bodyFlag = z
  .union([z.boolean(), z.array(z.string()).min(1).max(100)])
  .describe("Not at all, whole, or only the named fields: names at the top, or dotted paths.")

const flags = {
  call: z.boolean(),
  data: bodyFlag,
  resultData: bodyFlag,
}

const rule = z.strictObject({
  name: z.string().min(1).max(100),
  when: z.strictObject({
    methods: z.array(z.string()).optional(),
    paths: z.array(z.string()).optional().describe("Exact, unless it ends in *; {name} is one segment."),
    endpoints: z.array(z.string()).optional(),
    apps: z.array(z.string()).optional(),
    actorTypes: z.array(z.string()).optional(),
    outcomes: z.array(z.enum(["success", "failure", "denied"])).optional(),
  }),
  then: z.strictObject(flags).partial().describe("A flag that is absent comes from the default."),
})

const categoryNames = ["auth", "headers", "version", "stats", "result", "data"] as const

/** A capture policy. */
export const capturePolicy = schema(
  "CapturePolicy",
  "What is recorded of API calls. The first rule that matches decides; a member that is not sent has its shipped value.",
  z.strictObject({
    v: z.literal(1).optional(),
    enabled: z.boolean().optional(),
    ignore: z.array(z.string()).max(200).optional(),
    rules: z.array(rule).max(200).optional(),
    default: z.strictObject(flags).partial().optional(),
    categories: z
      .strictObject(Object.fromEntries(categoryNames.map(name => [name, z.boolean().optional()])))
      .optional(),
    redactIdentity: z.boolean().optional(),
    idsOnly: z.boolean().optional(),
    secretNames: z.array(z.string()).max(100).optional(),
    headerNames: z.array(z.string()).max(100).optional(),
    limits: z
      .strictObject({
        requestBytes: z.int().min(0).max(12_288).optional(),
        responseBytes: z.int().min(0).max(12_288).optional(),
      })
      .optional(),
    licenseKey: z.string().nullable().optional(),
    ownCalls: z.boolean().optional(),
  }),
)

const lock = schema(
  "CaptureLock",
  "A part of the policy that the environment of the server sets.",
  z.strictObject({
    pointer: z.string().describe("RFC 6901, into the policy."),
    variable: z.string(),
    line: z.string(),
  }),
)

/** The policy that counts. */
export const capturePolicyAnswer = schema(
  "CapturePolicyAnswer",
  "The policy that counts.",
  z.strictObject({
    version: z.int().min(0).describe("Grows with every saved change; 0 while none was ever saved."),
    policy: capturePolicy,
    supportDumpIncludes: z.boolean().describe("Whether a support dump contains the captured calls."),
    locks: z.array(lock),
  }),
)

/** A policy to save. */
export const capturePolicyChange = schema(
  "CapturePolicyChange",
  "The whole policy to save; the answer of a reading can be sent back.",
  z.strictObject({
    policy: capturePolicy,
    supportDumpIncludes: z.boolean().optional().describe("Absent: as before."),
    version: z.int().min(0).optional().describe("The version that is to be replaced."),
    locks: z.array(lock).optional(),
  }),
)

const text = z.string()
const amount = z.int().min(0)

/** A report of an SDK or a proxy. */
export const captureReport = schema(
  "CaptureReport",
  "How many calls an SDK or a proxy saw since its last report.",
  reportInput.extend({
    profile: text.nullable().optional(),
    host: text.nullable().optional(),
    policyVersion: amount.nullable().optional(),
    counts: z
      .array(
        countInput.extend({
          hour: z.iso.datetime({ offset: true }),
          endpoint: text,
          method: text,
          class: z.enum(statusClasses),
        }),
      )
      .max(reportLimits.counts),
  }),
)

/** The answer to a report. */
export const captureReportAnswer = schema(
  "CaptureReportAnswer",
  "What became of a report.",
  z.strictObject({
    outcome: z.enum(["counted", "repeated"]),
    policyVersion: amount.describe("The version of the policy that counts now."),
    passedOver: amount.describe("Counts that were too old to be kept."),
  }),
)

/** The audit log settings of UCP. */
export const ucpLogging = schema(
  "UcpLogging",
  "The policy as UCP's clients read and write it.",
  z.strictObject({
    logLevel: z.string().describe("DEBUG, INFO, WARN or ERROR."),
    auditLevel: z.string().describe("none, metadata, request or request-response."),
    supportDumpIncludeAuditLogs: z.boolean(),
  }),
)
