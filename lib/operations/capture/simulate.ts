import { setImmediate as rest } from "node:timers/promises"
import { z } from "zod"
import { covers } from "@/lib/access/grants"
import type { CapturePolicy } from "@/lib/audit/capture/policy"
import { instantFromDate } from "@/lib/audit/time/instant"
import { readCountedCalls } from "@/lib/capture/counted-calls"
import { operation, type ReadContext } from "@/lib/operations/core/operation"
import { currentWithin } from "./current"
import { readDraft } from "./draft"
import { type CountedFigures, figuresOfCounts } from "./simulate-counts"
import { factsOfCall, type RecordedFigures, recordedFigures } from "./simulate-recorded"

const mostDays = 7
const dayMs = 24 * 60 * 60 * 1000
const mostCalls = 10_000
/** Events that are looked at to find recorded calls among them. */
const mostEvents = 50_000

/** What a change of the policy would have meant. */
export interface Simulation {
  /** The days that the figures are of. */
  readonly days: number
  readonly recorded: RecordedFigures & {
    /** Whether all recorded calls of these days were looked at, or only the newest. */
    readonly isWhole: boolean
    /** The oldest call that was looked at. */
    readonly from: string | null
  }
  /** All calls that producers counted, under the policy that counts and under the draft. */
  readonly counted: { readonly now: CountedFigures; readonly then: CountedFigures }
}

/**
 * Tells what a draft would have meant for the calls of the last days, seven at most. Only numbers and, for those who may read the whole
 * log, names of fields leave it.
 */
export const simulateCapturePolicy = operation({
  name: "capture_policy.simulate",
  summary: "Tells what a change of the policy would have meant for the calls of the last seven days.",
  permission: "CAPTURE-MANAGEMENT",
  effect: "read",
  input: z.strictObject({
    /** Absent: the policy that counts. */
    policy: z.unknown().optional(),
    days: z.int().min(1).max(mostDays).default(mostDays),
  }),
  run: async (context, { policy: draft, days }): Promise<Simulation> => {
    const { organization, capturePolicies, caller, read } = context
    const since = new Date(caller.at.getTime() - days * dayMs)
    const { now, then, counted, own } = await read(async ({ tx }) => {
      const [builtIn] = await tx.query<{ id: string }>(
        "SELECT id FROM app WHERE organization_id = $1::uuid AND built_in",
        [organization.id],
      )
      const current = await currentWithin(tx, organization.id, capturePolicies)
      const work = { tx, organization, capturePolicies }
      return {
        now: current.policy,
        then: draft === undefined ? current.policy : await readDraft(work, current.policy, draft),
        counted: await readCountedCalls(tx, organization.id, since),
        own: builtIn?.id ?? null,
      }
    })
    const recorded = await overRecorded(context, then, { since, ownAppId: own })
    const turn = () => rest()
    return {
      days,
      recorded: mayReadLog(context) ? recorded : { ...recorded, hidden: [] },
      counted: {
        now: await figuresOfCounts(now, counted, turn),
        then: await figuresOfCounts(then, counted, turn),
      },
    }
  },
})

function everything({ organization }: Pick<ReadContext, "organization">) {
  return { organizationId: organization.id, appIds: null, actorId: null }
}

function mayReadLog(context: ReadContext): boolean {
  const { permissions } = context.caller.principal
  return permissions.has("LOG-MANAGEMENT") && covers(context.scope, everything(context))
}

async function overRecorded(
  context: ReadContext,
  policy: CapturePolicy,
  { since, ownAppId }: { readonly since: Date; readonly ownAppId: string | null },
): Promise<Simulation["recorded"]> {
  const { store, apps, caller } = context
  const scope = everything(context)
  const slugs = new Map((await apps.find(scope)).map(({ id, slug }) => [id, slug]))
  const figures = recordedFigures(policy)
  const ending = new AbortController()
  // Producers' clocks may be a little ahead.
  const window = {
    from: instantFromDate(since),
    before: instantFromDate(new Date(caller.at.getTime() + dayMs)),
  }
  const selection = { window, include: {}, exclude: {}, text: null, order: "newest", asOf: null } as const
  let [calls, events, from, isWhole]: [number, number, string | null, boolean] = [0, 0, null, true]
  reading: for await (const batch of store.stream(scope, selection, ending.signal)) {
    for (const event of batch) {
      events++
      if (!factsOfCall(event)) continue
      if (calls === mostCalls) {
        isWhole = false
        break reading
      }
      calls++
      from = event.occurredAt
      const isOwn = event.appId === ownAppId
      figures.add({ event, app: slugs.get(event.appId) ?? null, isOwn })
    }
    if (events >= mostEvents) {
      isWhole = false
      break
    }
    await rest()
  }
  ending.abort()
  return { ...figures.result(), isWhole, from }
}
