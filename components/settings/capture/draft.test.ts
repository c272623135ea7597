import { expect, test } from "vitest"
import { type CapturePolicy, presets, shippedPolicy } from "@/lib/audit/capture/policy"
import { entriesOf, isSame, moved, placed, putOnTop, withLocked } from "./draft"

test("a rule that is moved leaves the others in their order, and no rule is lost at the ends", () => {
  expect(moved(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"])
  expect(moved(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"])
  for (const [from, to] of [
    [0, -1],
    [2, 3],
    [5, 0],
    [1, 1],
  ] as const) {
    expect(moved(["a", "b", "c"], from, to)).toEqual(["a", "b", "c"])
  }
  expect(placed(["a", "b"], 1, "x")).toEqual(["a", "x"])
  expect(placed(["a", "b"], 2, "x")).toEqual(["a", "b", "x"])
})

test("a typed list has each entry once, without empty ones", () => {
  expect(entriesOf(" queue, tags\n\nqueue ,")).toEqual(["queue", "tags"])
  expect(entriesOf("/a,b\n/c", /\n/)).toEqual(["/a,b", "/c"])
})

test("two policies are the same whatever the order of their members, and differ in anything else", () => {
  expect(isSame({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 })).toBe(true)
  expect(isSame({ a: [1, 2] }, { a: [2, 1] })).toBe(false)
  expect(isSame({ a: undefined }, {})).toBe(false)
  expect(isSame(false, [])).toBe(false)
  expect(isSame(presets.ucp, presets.clearml)).toBe(false)
})

const base = shippedPolicy

test("a draft on top of a newer version keeps the changes of both, and names where both changed the same", () => {
  const mine: CapturePolicy = {
    ...base,
    enabled: true,
    ignore: [...base.ignore.slice(1), "/mine"],
    default: { ...base.default, data: true, resultData: ["mine"] },
  }
  const theirs: CapturePolicy = {
    ...base,
    ignore: [...base.ignore.slice(0, 12), "/theirs"],
    default: { ...base.default, resultData: ["theirs"] },
    idsOnly: false,
  }
  const { policy, overruled } = putOnTop(base, mine, theirs)
  expect(policy.default).toEqual({ call: true, data: true, resultData: ["mine"] })
  expect(policy).toMatchObject({ enabled: true, idsOnly: false })
  expect(policy.ignore).toEqual([...base.ignore.slice(1, 12), "/theirs", "/mine"])
  expect(overruled).toEqual(["response data"])
})

test("a draft that changed what they changed, in the same way, overrules nothing", () => {
  const both = { ...base, enabled: true }
  expect(putOnTop(base, both, both)).toEqual({ policy: both, overruled: [] })
})

test("a preset leaves what the environment sets: its values, and its rules before all others", () => {
  const fixed = { name: "From the environment", when: { endpoints: ["a.b"] }, then: { call: false } }
  const policy = { ...base, redactIdentity: true, rules: [fixed, ...base.rules] }
  const locks = ["/redactIdentity", "/rules/0", "/default/data"].map(pointer => ({
    pointer,
    variable: "V",
    line: "V=1",
  }))
  const result = withLocked(
    { ...presets.clearml, default: { call: false, data: true, resultData: true } },
    { policy, version: 1, locks },
  )
  expect(result.redactIdentity).toBe(true)
  expect(result.default).toEqual({ call: false, data: false, resultData: true })
  expect(result.rules).toEqual([fixed, ...presets.clearml.rules])
})
