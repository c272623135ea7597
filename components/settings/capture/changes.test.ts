import { expect, test } from "vitest"
import { type CapturePolicy, shippedPolicy } from "@/lib/audit/capture/policy"
import { changesBetween } from "./changes"

const base: CapturePolicy = {
  ...shippedPolicy,
  rules: [
    { name: "One", when: { paths: ["/one"] }, then: { call: false } },
    { name: "Two", when: { paths: ["/two"] }, then: { data: true } },
  ],
}
const [one, two] = base.rules as [(typeof base.rules)[0], (typeof base.rules)[0]]

test("the same policy has no changes", () => {
  expect(changesBetween(base, structuredClone(base))).toEqual([])
})

test("every member of a policy is in the list of changes when it is the only one that changed", () => {
  const variants: readonly Partial<CapturePolicy>[] = [
    { enabled: true },
    { ignore: [] },
    { rules: [one] },
    { default: { ...base.default, call: false } },
    { default: { ...base.default, data: ["a"] } },
    { default: { ...base.default, resultData: true } },
    ...(["auth", "headers", "version", "stats", "result", "data"] as const).map(name => ({
      categories: { ...base.categories, [name]: !base.categories[name] },
    })),
    { redactIdentity: true },
    { idsOnly: false },
    { secretNames: ["ssn"] },
    { headerNames: ["*"] },
    { limits: { ...base.limits, requestBytes: 1 } },
    { limits: { ...base.limits, responseBytes: 1 } },
    { licenseKey: "L" },
    { ownCalls: true },
  ]
  for (const variant of variants)
    expect(changesBetween(base, { ...base, ...variant }).length, JSON.stringify(variant)).toBeGreaterThan(0)
  // A member that is added to the policy later needs a variant above.
  const covered = new Set([...variants.flatMap(variant => Object.keys(variant)), "v"])
  expect([...covered].sort()).toEqual(Object.keys(base).sort())
})

test("a rule that moved is one change, and one that changed is shown with both sentences", () => {
  expect(changesBetween(base, { ...base, rules: [two, one] })).toEqual([
    { label: "Order of the rules", before: "1. One\n2. Two", after: "1. Two\n2. One" },
  ])
  expect(changesBetween(base, { ...base, rules: [one, { ...two, then: { call: false } }] })).toEqual([
    {
      label: "Rule “Two”",
      before: "Calls to /two: as the default, with the request data.",
      after: "Calls to /two: not recorded.",
    },
  ])
})

test("rules with one name are told apart: removing one of them is a change", () => {
  const twice = { ...base, rules: [one, { ...one }] }
  expect(changesBetween(twice, { ...base, rules: [one] })).toEqual([
    { label: "Rule “One”", before: "Calls to /one: not recorded.", after: null },
  ])
})

test("paths that are ignored or no longer ignored are listed one by one", () => {
  const after = { ...base, ignore: [...base.ignore.slice(1), "/healthz"] }
  expect(changesBetween(base, after)).toEqual([
    { label: "Ignored path", before: null, after: "/healthz" },
    { label: "Ignored path", before: "/_ping", after: null },
  ])
})
