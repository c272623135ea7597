import { expect, test } from "vitest"
import { presets, shippedPolicy } from "@/lib/audit/capture/policy"
import { faultsOf, faultsOfRule, ruleOfText, textOfRule } from "./rule-form"

test("a rule that is opened and closed without a change stays exactly as it was", () => {
  const rules = [...Object.values(presets).flatMap(({ rules: own }) => own)]
  const full = {
    name: "All of it",
    when: {
      methods: ["POST", "PROPFIND"],
      paths: ["/a,b", "/c/{id}", "/d*"],
      endpoints: ["workers.*"],
      apps: ["hub"],
      actorTypes: ["anonymous"],
      outcomes: ["denied"],
    },
    then: { call: true, data: ["queue"], resultData: false },
  } as const
  for (const rule of [...rules, full, { name: "Nothing", when: {}, then: {} }])
    expect(ruleOfText(textOfRule(rule))).toEqual(rule)
})

test("what is wrong with a rule is said beside its control, with the value that is wrong", () => {
  const rule = {
    name: "Bad",
    when: { paths: ["/fine", "/a*b"], methods: ["PO ST"] },
    then: { data: [] },
  }
  const faults = faultsOfRule(shippedPolicy, 0, rule)
  expect(Object.keys(faults).sort()).toEqual(["data", "methods", "paths"])
  expect(faults.paths).toContain("/a*b")
  expect(faults.methods).toContain("PO ST")
})

test("faults of other rules are not said in the form of this one", () => {
  const policy = { ...shippedPolicy, rules: [{ name: "", when: { paths: ["x"] }, then: {} }] }
  const rule = { name: "Good", when: { paths: ["/x"] }, then: {} }
  expect(faultsOfRule(policy, 1, rule)).toEqual({})
  expect(faultsOf(policy).size).toBeGreaterThan(0)
  expect(faultsOf(shippedPolicy).size).toBe(0)
})
