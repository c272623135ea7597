import { randomUUID } from "node:crypto"
import { type PreparedEvent, statuses } from "@/lib/audit/event/event"
import { type FieldName, fieldNames } from "@/lib/audit/query/fields"
import type { Selection } from "@/lib/audit/query/selection"
import { addMicroseconds, assertInstant, type Instant } from "@/lib/audit/time/instant"
import { prepareTestEvent } from "@/test/events"
import { valuesOf } from "@/test/query-values"

/** The organization of generated events. */
export interface MadeUpOrganization {
  readonly id: string
  readonly appId: string
  readonly builtInAppId: string
}

/** Returns one of the values, in a repeatable sequence. */
export type Pick = <T>(values: readonly T[]) => T

/** Returns a Pick that makes the same choices for the same seed. */
export function pickFrom(seed: number): Pick {
  let state = seed
  return <T>(values: readonly T[]): T => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const [chosen] = values.slice(Math.floor((state / 2 ** 32) * values.length))
    if (chosen === undefined) throw new RangeError("There is nothing to pick from.")
    return chosen
  }
}

const actors = [
  { id: "ada", name: "Ada Lovelace" },
  { id: "bob", name: "Bob 100%" },
  { id: "100%", name: "under_score" },
  { id: "back\\slash", name: "ÄRGER Straße" },
  { id: "Ж-7", name: "Владимир 東京都庁" },
]
const operations = [
  "workflow.create",
  "workflow.delete",
  "workflow_version.create",
  "api_key.create",
  "Odd/Name",
]
const codes = [undefined, 400, 403, 0, 4_711, 400, 2_147_483_647]
const descriptions = ["Made", "Removed", "50 % off", "a_b", "c\\d", "MiXeD CaSe", "x"]
const addresses = [
  "192.0.2.0",
  "192.0.2.7",
  "192.0.2.127",
  "192.0.2.128",
  "198.51.100.1",
  "2001:db8::7",
  "2001:db8:1::1",
]
const targetIds = ["one", "two", "three", "a:b", "per%cent"]
const requests = ["request-1", "request-2", "REQUEST-1"]

const dayMicroseconds = 86_400_000_000
const firstMoment = assertInstant("2024-10-05T00:00:00.000000Z")

/** The whole generated time range: more months than have their own partitions. */
export const madeUpWindow = {
  from: assertInstant("2024-01-01T00:00:00.000000Z"),
  before: assertInstant("2027-06-01T00:00:00.000000Z"),
}

/** Returns that many events of all kinds over 26 months, many with the same time, not in the order of time. */
export function madeUpEvents(organization: MadeUpOrganization, count: number): readonly PreparedEvent[] {
  const pick = pickFrom(count)
  const moments = Array.from({ length: Math.ceil(count / 3) }, () => madeUpMoment(pick))
  return Array.from({ length: count }, (_, at) => {
    const ip = pick([...addresses, null])
    const targets = pick([[], ["one"], ["two"], ["one", "three"], ["a:b", "per%cent", "two"]])
    return prepareTestEvent(organization, {
      id: randomUUID(),
      appId: pick([organization.appId, organization.appId, organization.builtInAppId]),
      occurredAt: pick(moments),
      operation: pick(operations),
      operationCode: codes[at % codes.length],
      description: pick(descriptions),
      status: pick([...statuses, "success", "success"]),
      actor: { type: "user", ...pick(actors) },
      targets: targets.map(id => ({ type: pick(["workflow", "app"]), id, name: `Name of ${id}` })),
      source: pick([true, true, false]) ? { ip, ipText: ip ?? "console" } : undefined,
      requestId: pick([...requests, null]) ?? undefined,
    })
  })
}

/** Returns a query for generated events, with any mix of conditions, in any order. */
export function madeUpSelection(organization: MadeUpOrganization, pick: Pick): Selection {
  const oneOf: Record<FieldName, () => string> = {
    app: () => pick([organization.appId, organization.builtInAppId]),
    operation: () => pick([...operations, "workflow.*", "api_key.*", "none.*", "*.create", "*.delete"]),
    code: () => pick(["400", "403", "0", "4711", "2147483647", "1"]),
    status: () => pick(statuses),
    actor: () => pick([...actors.map(actor => actor.id), "nobody"]),
    target: () => pick([...targetIds, "workflow:one", "app:two", "workflow:a:b", "a"]),
    ip: () => pick([...addresses, "192.0.2.0/24", "0.0.0.0/0", "2001:db8::/32", "10.0.0.0/8"]),
    request: () => pick([...requests, "request-"]),
  }
  const someOf = (oneIn: number) =>
    valuesOf(
      Object.fromEntries(
        fieldNames
          .filter(() => pick(numbers(oneIn)) === 0)
          .map(field => [field, [...new Set([oneOf[field](), oneOf[field]()])]]),
      ),
    )
  return {
    window: madeUpSpan(pick),
    include: someOf(6),
    exclude: someOf(9),
    text: pick([null, null, null, pick(texts)]),
    order: pick(["newest", "oldest", "recorded"]),
    asOf: null,
  }
}

const texts = [
  ...["ada", "AD", "x", "request-1", "name of one", "workflow", "zzz", "192.0.2"],
  ...["%", "_", "\\", "50 %", "r_s", "c\\d", "100%", "%a%"],
  ...["ärger", "STRASSE", "Straße", "владимир", "東京都", "東京", "Ж-7"],
]

function madeUpSpan(pick: Pick): Selection["window"] {
  const moment = madeUpMoment(pick)
  const days = (count: number) => addMicroseconds(moment, count * dayMicroseconds)
  return pick([
    madeUpWindow,
    madeUpWindow,
    { from: moment, before: addMicroseconds(moment, 1) },
    { from: moment, before: days(240) },
    { from: days(-20), before: moment },
  ])
}

function madeUpMoment(pick: Pick): Instant {
  const time = pick([0, 1, 999_999, dayMicroseconds / 2, dayMicroseconds - 1])
  return addMicroseconds(firstMoment, pick(numbers(780)) * dayMicroseconds + time)
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, number) => number)
}
