import { expect, test } from "vitest"
import { presets, shippedPolicy } from "@/lib/audit/capture/policy"
import type { JsonValue } from "@/lib/audit/json/value"
import { changesBetween } from "./changes"
import { changesInWords } from "./history"

test("the changes of a saved version are said as they were in its review", () => {
  const rules = [{ name: "New", when: { paths: ["/a"] }, then: { call: false } }]
  const after = {
    ...shippedPolicy,
    enabled: true,
    ignore: ["/a"],
    rules,
    default: { ...shippedPolicy.default, data: ["a"] },
    limits: { ...shippedPolicy.limits, requestBytes: 100 },
    licenseKey: "L",
  }
  const value = (read: unknown) => read as JsonValue
  const words = changesInWords([
    { path: "/enabled", before: false, after: true },
    { path: "/ignore", before: value(shippedPolicy.ignore), after: ["/a"] },
    { path: "/rules", before: value(shippedPolicy.rules), after: value(rules) },
    { path: "/default/data", before: false, after: ["a"] },
    { path: "/limits/requestBytes", before: 8192, after: 100 },
    { path: "/licenseKey", before: null, after: "L" },
  ])
  expect(words).toEqual(changesBetween(shippedPolicy, after))
  expect(words.length).toBeGreaterThan(15)
})

test("a change that was too large for its parts is said from both whole policies", () => {
  const [before, after] = [presets.clearml, presets.ucp] as unknown as [JsonValue, JsonValue]
  expect(changesInWords([{ path: "", before, after }])).toEqual(changesBetween(presets.clearml, presets.ucp))
})

test("what belongs to the policy without being part of it is said too", () => {
  expect(changesInWords([{ path: "/supportDumpIncludes", before: false, after: true }])).toEqual([
    { label: "Recorded calls in support dumps", before: "Not included", after: "Included" },
  ])
})
