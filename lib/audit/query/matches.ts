import type { AuditEvent } from "@/lib/audit/event/event"
import { searchText, targetKeys } from "@/lib/audit/event/search-text"
import { foldText } from "@/lib/audit/fold"
import { parseIpRange } from "@/lib/audit/ip"
import { type FieldName, fieldNames } from "./fields"
import type { FieldValues, Selection } from "./selection"
import { type QueryValue, spellValue } from "./value"

type Test = (event: AuditEvent) => boolean

/**
 * Returns whether a query means the event. Its apps are ids (`resolveApps`). Every store selects by the same rule: what a page,
 * an export and a sink contain is the same for the same query.
 */
export function matches(selection: Selection, event: AuditEvent): boolean {
  const test = tests.get(selection) ?? matcher(selection)
  tests.set(selection, test)
  return test(event)
}

/** A selection is asked about many events; what is read from it once is kept as long as the selection itself. */
const tests = new WeakMap<Selection, Test>()

/** Returns `matches` of one query for many events. */
export function matcher({ window, include, exclude, text, asOf }: Selection): Test {
  const wanted = testsOf(include)
  const unwanted = testsOf(exclude)
  const folded = text === null ? null : foldText(text)
  return event =>
    event.occurredAt >= window.from &&
    event.occurredAt < window.before &&
    (asOf === null || event.index < asOf) &&
    wanted.every(test => test(event)) &&
    !unwanted.some(test => test(event)) &&
    (folded === null || searchText(event).includes(folded))
}

function testsOf(values: FieldValues): readonly Test[] {
  return fieldNames.flatMap(field => {
    const given = values[field]
    return given ? [hasOneOf[field](given)] : []
  })
}

/** Whether an event has one of the values, by field. */
const hasOneOf: Record<FieldName, (values: readonly QueryValue[]) => Test> = {
  app: values => textTest(values, event => event.appId),
  operation: values => textTest(values, event => event.operation),
  // 0 means events without a code.
  code: values => textTest(values, event => String(event.operationCode ?? 0)),
  status: values => textTest(values, event => event.status),
  actor: values => textTest(values, event => event.actor.id),
  target: values => event => targetKeys(event.targets).some(key => values.some(value => meets(key, value))),
  ip: ipTest,
  request: values => textTest(values, event => event.requestId),
}

function textTest(values: readonly QueryValue[], textOf: (event: AuditEvent) => string | undefined): Test {
  return event => {
    const text = textOf(event)
    return text !== undefined && values.some(value => meets(text, value))
  }
}

function meets(text: string, { is, value }: QueryValue): boolean {
  if (is === "prefix") return text.startsWith(value)
  if (is === "suffix") return text.endsWith(value)
  return text === value
}

/** The two families are apart: no IPv6 network holds an IPv4 address. */
function ipTest(values: readonly QueryValue[]): Test {
  const ranges = values.flatMap(value => {
    const range = parseIpRange(spellValue(value))
    return range
      ? [{ isIpv6: isIpv6(range.first), first: numberOf(range.first), last: numberOf(range.last) }]
      : []
  })
  return ({ source }) => {
    const ip = source?.ip ?? null
    if (ip === null) return false
    const [family, at] = [isIpv6(ip), numberOf(ip)]
    return ranges.some(({ isIpv6: its, first, last }) => its === family && first <= at && at <= last)
  }
}

function isIpv6(ip: string): boolean {
  return ip.includes(":")
}

/** An ip in its canonical form as a number. */
function numberOf(ip: string): bigint {
  if (!isIpv6(ip)) return ip.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n)
  const [left = "", right = ""] = ip.split("::")
  const groups = (text: string) => text.split(":").filter(group => group !== "")
  const zeros = Array<string>(8 - groups(left).length - groups(right).length).fill("0")
  return [...groups(left), ...zeros, ...groups(right)].reduce(
    (sum, group) => sum * 65_536n + BigInt(`0x${group}`),
    0n,
  )
}
