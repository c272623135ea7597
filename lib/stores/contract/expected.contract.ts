import type { AuditEvent } from "@/lib/audit/event/event"
import { searchText, targetKeys } from "@/lib/audit/event/search-text"
import { foldText } from "@/lib/audit/fold"
import { parseIpRange } from "@/lib/audit/ip"
import { type FieldName, fieldNames } from "@/lib/audit/query/fields"
import type { Order, Scope, Selection } from "@/lib/audit/query/selection"
import { type QueryValue, spellValue } from "@/lib/audit/query/value"

/** Whether an event has one of the values, written as plainly as possible: every store must agree with it. */
const hasOneOf: Record<FieldName, (event: AuditEvent, values: readonly QueryValue[]) => boolean> = {
  app: (event, values) => values.some(value => meets(event.appId, value)),
  operation: (event, values) => values.some(value => meets(event.operation, value)),
  status: (event, values) => values.some(value => meets(event.status, value)),
  actor: (event, values) => values.some(value => meets(event.actor.id, value)),
  target: (event, values) => targetKeys(event.targets).some(key => values.some(value => meets(key, value))),
  ip: (event, values) => values.some(value => isWithin(event.source?.ip ?? null, spellValue(value))),
  request: ({ requestId }, values) =>
    requestId !== undefined && values.some(value => meets(requestId, value)),
}

function meets(text: string, { is, value }: QueryValue): boolean {
  if (is === "prefix") return text.startsWith(value)
  if (is === "suffix") return text.endsWith(value)
  return text === value
}

const compare: Record<Order, (one: AuditEvent, other: AuditEvent) => number> = {
  newest: (one, other) => -inTime(one, other),
  oldest: inTime,
  recorded: (one, other) => one.index - other.index,
}

/** Returns the events that match a query within this Scope, in its order. */
export function expectedEvents(
  log: readonly AuditEvent[],
  scope: Scope,
  selection: Selection,
): readonly AuditEvent[] {
  return log.filter(event => isSeen(event, scope) && isMeant(event, selection)).sort(compare[selection.order])
}

function isSeen(event: AuditEvent, { organizationId, appIds, actorId }: Scope): boolean {
  return (
    event.organizationId === organizationId &&
    (appIds === null || appIds.includes(event.appId)) &&
    (actorId === null || event.actor.id === actorId)
  )
}

function isMeant(event: AuditEvent, { window, include, exclude, text, asOf }: Selection): boolean {
  return (
    event.occurredAt >= window.from &&
    event.occurredAt < window.before &&
    (asOf === null || event.index < asOf) &&
    (text === null || searchText(event).includes(foldText(text))) &&
    fieldNames.every(field => {
      const [wanted, unwanted] = [include[field], exclude[field]]
      return (!wanted || hasOneOf[field](event, wanted)) && !(unwanted && hasOneOf[field](event, unwanted))
    })
  )
}

function inTime(one: AuditEvent, other: AuditEvent): number {
  if (one.occurredAt !== other.occurredAt) return one.occurredAt < other.occurredAt ? -1 : 1
  return one.id < other.id ? -1 : 1
}

function isWithin(address: string | null, value: string): boolean {
  const [range, single] = [parseIpRange(value), address === null ? null : parseIpRange(address)]
  if (!range || !single) return false
  const [at, first, last] = [numberOf(single.first), numberOf(range.first), numberOf(range.last)]
  return single.first.includes(":") === range.first.includes(":") && at >= first && at <= last
}

/** An ip as a number, calculated apart from the code under test. */
function numberOf(address: string): bigint {
  if (!address.includes(":")) return address.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n)
  const [left = "", right = ""] = address.split("::")
  const groups = (text: string) => text.split(":").filter(group => group !== "")
  const zeros = Array<string>(8 - groups(left).length - groups(right).length).fill("0")
  return [...groups(left), ...zeros, ...groups(right)].reduce(
    (sum, group) => sum * 65_536n + BigInt(`0x${group}`),
    0n,
  )
}
