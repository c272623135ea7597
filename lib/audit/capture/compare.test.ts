import { describe, expect, it } from "vitest"
import { comparePolicies } from "./compare"
import { policyWith } from "./fixtures/calls"
import { Chance } from "./fixtures/random"
import type { Rule } from "./policy"

const rule = (name: string, then: Rule["then"] = {}): Rule => ({ name, when: {}, then })

describe("the differences between two policies", () => {
  it("are none for equal ones, whatever the order of their members", () => {
    const chance = new Chance(5)
    for (let run = 0; run < 500; run++) {
      const policy = chance.policy()
      const reversed = Object.fromEntries(Object.entries(structuredClone(policy)).reverse())
      expect(comparePolicies(policy, { ...policy, ...reversed })).toEqual([])
    }
  })

  it("are some for different ones, and say the opposite from the other side", () => {
    const chance = new Chance(6)
    for (let run = 0; run < 500; run++) {
      const [one, other] = [chance.policy(), chance.policy()]
      const isSame = JSON.stringify(one) === JSON.stringify(other)
      expect(comparePolicies(one, other).length === 0).toBe(isSame)
      expect(comparePolicies(other, one).length).toBe(comparePolicies(one, other).length)
    }
  })

  it("name each member that differs, and no other", () => {
    const before = policyWith({ secretNames: ["a"] })
    const after = policyWith({
      enabled: false,
      secretNames: ["a", "b"],
      default: { ...before.default, data: ["x"] },
      limits: { requestBytes: 1, responseBytes: 8_192 },
      licenseKey: "L-1",
    })
    expect(comparePolicies(before, after)).toEqual([
      { path: "enabled", before: true, after: false },
      { path: "default.data", before: false, after: ["x"] },
      { path: "secretNames", before: ["a"], after: ["a", "b"] },
      { path: "limits.requestBytes", before: 8_192, after: 1 },
      { path: "licenseKey", before: null, after: "L-1" },
    ])
  })

  it("follow a rule by its name: one that was inserted or removed leaves the others alone", () => {
    const [a, b, c] = [rule("a", { data: true }), rule("b"), rule("c")]
    const between = (before: Rule[], after: Rule[]) =>
      comparePolicies(policyWith({ rules: before }), policyWith({ rules: after }))
    expect(between([b, c], [a, b, c])).toEqual([{ path: "rules.0", before: null, after: a }])
    expect(between([a, b, c], [a, c])).toEqual([{ path: "rules.1", before: b, after: null }])
    expect(between([a, b], [b, rule("a", { data: ["x"] })])).toEqual([
      { path: "rules.1.then.data", before: true, after: ["x"] },
      { path: "rules.order", before: ["a", "b"], after: ["b", "a"] },
    ])
    expect(between([a, b], [a, rule("b", { call: false }), b])).toEqual([
      { path: "rules.1", before: null, after: rule("b", { call: false }) },
    ])
  })
})
