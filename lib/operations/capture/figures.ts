import { setImmediate as rest } from "node:timers/promises"
import { z } from "zod"
import { type CountedCalls, readCountedCalls } from "@/lib/capture/counted-calls"
import { operation } from "@/lib/operations/core/operation"
import { currentWithin } from "./current"
import { type CountedFigures, figuresOfCounts } from "./simulate-counts"

const days = 7
const dayMs = 24 * 60 * 60 * 1000

/** How large the bodies of counted calls were in one direction. */
export interface BodySizes {
  readonly bytes: number
  /** The endpoint with the most bytes. */
  readonly largest: { readonly endpoint: string; readonly averageBytes: number } | null
}

/** What the counts of the last days say about the policy that counts. */
export interface CaptureFigures {
  readonly days: number
  readonly counted: CountedFigures
  readonly request: BodySizes
  readonly response: BodySizes
}

/** Tells what each part of the policy did with the calls of the last seven days, and how large their bodies were. */
export const findCaptureFigures = operation({
  name: "capture_policy.find_figures",
  summary:
    "Tells how many calls each part of the policy decided in the last seven days, and how large their bodies were.",
  permission: "CAPTURE-MANAGEMENT",
  effect: "read",
  input: z.strictObject({}),
  run: async ({ organization, capturePolicies, caller, read }): Promise<CaptureFigures> => {
    const since = new Date(caller.at.getTime() - days * dayMs)
    const { policy, counted } = await read(async ({ tx }) => ({
      policy: (await currentWithin(tx, organization.id, capturePolicies)).policy,
      counted: await readCountedCalls(tx, organization.id, since),
    }))
    return {
      days,
      counted: await figuresOfCounts(policy, counted, () => rest()),
      request: sizesOf(counted, ({ bytesIn }) => bytesIn),
      response: sizesOf(counted, ({ bytesOut }) => bytesOut),
    }
  },
})

function sizesOf(counted: readonly CountedCalls[], bytesOf: (calls: CountedCalls) => number): BodySizes {
  const byEndpoint = new Map<string, { bytes: number; calls: number }>()
  for (const one of counted) {
    const sum = byEndpoint.get(one.endpoint) ?? { bytes: 0, calls: 0 }
    sum.bytes += bytesOf(one)
    sum.calls += one.calls
    byEndpoint.set(one.endpoint, sum)
  }
  const sums = [...byEndpoint].map(([endpoint, sum]) => ({ endpoint, ...sum }))
  const largest = sums.reduce<(typeof sums)[number] | null>(
    (most, one) => (one.bytes > (most?.bytes ?? 0) ? one : most),
    null,
  )
  return {
    bytes: sums.reduce((sum, { bytes }) => sum + bytes, 0),
    largest: largest && {
      endpoint: largest.endpoint,
      averageBytes: Math.round(largest.bytes / Math.max(1, largest.calls)),
    },
  }
}
