import { z } from "zod"
import { otherEndpoint, reportLimits, statusClasses } from "@/lib/capture/report"
import { AppError } from "@/lib/errors"
import { operation } from "@/lib/operations/core/operation"

/** Sums of many reports stay exact. */
const mostOfOne = 1_000_000_000_000_000
const amount = z.int().min(0).max(mostOfOne)
const word = (most: number) =>
  z
    .string()
    .regex(/^[\w.:@/+-]+$/, "Use letters, digits and . : @ / + - _.")
    .max(most)

// What the calls of others contain is no reason to refuse a report: it is cut, or counted under another name.
const endpoint = z.string().transform(text => {
  const plain = text
    .replaceAll(/\p{Cc}/gu, "")
    .slice(0, reportLimits.endpointCharacters)
    .toWellFormed()
  return plain === "" ? otherEndpoint : plain
})
const method = z.string().transform(text => {
  const upper = text.toUpperCase()
  return /^[A-Z]{1,20}$/.test(upper) ? upper : "other"
})

/** A count of calls, as it is sent. */
export const countInput = z.strictObject({
  hour: z.iso.datetime({ offset: true }).transform(text => new Date(text)),
  endpoint,
  method,
  class: z.enum(statusClasses),
  calls: amount,
  bytesIn: amount,
  bytesOut: amount,
})

/** A report of an SDK or a proxy, as it is sent. */
export const reportInput = z.strictObject({
  instance: word(64),
  sequence: z.int().min(0),
  kind: word(40),
  version: word(40),
  profile: word(40)
    .nullish()
    .transform(value => value ?? null),
  host: z
    .string()
    .nullish()
    .transform(
      value =>
        value
          ?.replaceAll(/\p{Cc}/gu, "")
          .slice(0, 253)
          .toWellFormed() ?? null,
    ),
  policyVersion: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .nullish()
    .transform(value => value ?? null),
  dropped: amount.default(0),
  counts: z.array(countInput).max(reportLimits.counts),
})

/** What the sender of a report learns. */
export interface ReportAnswer {
  readonly outcome: "counted" | "repeated"
  /** The version of the policy that counts now. */
  readonly policyVersion: number
  /** Counts that were too old to be kept. */
  readonly passedOver: number
}

/** Counts the calls that an SDK or a proxy of the key's app has seen. */
export const reportCaptureCounts = operation({
  name: "capture_count.report",
  summary: "Takes how many calls an SDK or a proxy saw, also those that are not recorded.",
  permission: "LOG-INGESTION",
  effect: "append",
  // Eight values for each count, and those of the report itself.
  mostInputValues: 10 * reportLimits.counts,
  input: reportInput,
  run: async ({ caller, capturePolicies, captureCounts }, report): Promise<ReportAnswer> => {
    const { principal, at } = caller
    if (principal.kind !== "api-key") throw new AppError("forbidden", "Counts are reported with an API key.")
    const organizationId = principal.organization.id
    const counted = await captureCounts.count({ organizationId, appId: principal.app.id }, report, at)
    const { version } = await capturePolicies.of(organizationId)
    return { outcome: counted.outcome, policyVersion: version, passedOver: counted.passedOver }
  },
})
