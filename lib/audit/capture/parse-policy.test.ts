import { describe, expect, it } from "vitest"
import { AppError } from "@/lib/errors"
import { policyWith } from "./fixtures/calls"
import { Chance } from "./fixtures/random"
import { flagsOf, levelOf, levels, nearestLowerLevel } from "./level"
import { parsePolicy, parsePolicyInForce } from "./parse-policy"
import { presets, shippedPolicy } from "./policy"

function faultsOf(value: unknown, apps?: readonly string[]): string[] {
  try {
    parsePolicy(value, apps)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    expect(error.code).toBe("invalid")
    return error.faults.map(({ pointer }) => pointer)
  }
  return []
}

const rule = { name: "R", when: {}, then: {} }

describe("reading a policy", () => {
  it("returns what was written", () => {
    for (const policy of [shippedPolicy, ...Object.values(presets)])
      expect(parsePolicy(JSON.parse(JSON.stringify(policy)))).toEqual(policy)
    const chance = new Chance(8)
    for (let run = 0; run < 1_000; run++) {
      const policy = chance.policy()
      expect(parsePolicy(JSON.parse(JSON.stringify(policy)), ["one", "two"])).toEqual(policy)
    }
  })

  it("gives absent members their shipped value", () => {
    expect(parsePolicy({ v: 1 })).toEqual(shippedPolicy)
    expect(parsePolicy({})).toEqual(shippedPolicy)
    expect(parsePolicy({ enabled: true, default: { data: true }, categories: { headers: true } })).toEqual({
      ...shippedPolicy,
      enabled: true,
      default: { call: true, data: true, resultData: false },
      categories: { ...shippedPolicy.categories, headers: true },
    })
  })

  it("names every fault at once, by its pointer", () => {
    const value = {
      v: 2,
      more: true,
      enabled: "yes",
      ignore: ["/ok", "/a*b", "nothing", 3],
      rules: [
        { name: "", when: { paths: ["/*/x"], "a/b~": 1 }, then: { data: [], call: [] } },
        "rule",
        { when: { methods: ["G T"], apps: ["unknown", "known"], outcomes: ["unknown"], actorTypes: [] } },
      ],
      default: { call: null, resultData: ["ok", "a..b"] },
      categories: { auth: 1, extra: true },
      secretNames: ["--"],
      headerNames: ["a b"],
      limits: { requestBytes: 12_289, responseBytes: -1 },
      licenseKey: "",
      idsOnly: 0,
    }
    expect(faultsOf(value, ["known"]).sort()).toEqual(
      [
        "/categories/auth",
        "/categories/extra",
        "/default/call",
        "/default/resultData/1",
        "/enabled",
        "/headerNames/0",
        "/idsOnly",
        "/ignore/1",
        "/ignore/2",
        "/ignore/3",
        "/licenseKey",
        "/limits/requestBytes",
        "/limits/responseBytes",
        "/more",
        "/rules/0/name",
        "/rules/0/then/call",
        "/rules/0/then/data",
        "/rules/0/when/a~1b~0",
        "/rules/0/when/paths/0",
        "/rules/1",
        "/rules/2/name",
        "/rules/2/when/actorTypes",
        "/rules/2/when/apps/0",
        "/rules/2/when/methods/0",
        "/rules/2/when/outcomes/0",
        "/secretNames/0",
        "/v",
      ].sort(),
    )
  })

  it("takes 200 rules and 100 fields, and not one more", () => {
    const rules = (count: number) => ({ rules: Array.from({ length: count }, () => rule) })
    expect(faultsOf(rules(200))).toEqual([])
    expect(faultsOf(rules(201))).toEqual(["/rules"])
    expect(parsePolicy(rules(203), undefined, { rulesBefore: 3 }).rules).toHaveLength(203)
    const fields = (count: number) => ({
      default: { data: Array.from({ length: count }, (_, index) => `f${index}`) },
    })
    expect(faultsOf(fields(100))).toEqual([])
    expect(faultsOf(fields(101))).toEqual(["/default/data"])
  })

  it("takes at most 64 KiB", () => {
    const paths = Array.from({ length: 100 }, (_, index) => `/${index}${"x".repeat(400)}`)
    expect(faultsOf({ rules: [{ ...rule, when: { paths } }] })).toEqual([])
    expect(faultsOf({ rules: Array.from({ length: 2 }, () => ({ ...rule, when: { paths } })) })).toEqual([""])
  })

  it("takes from a server the rules of an environment besides, and members of a later version", () => {
    const paths = Array.from({ length: 100 }, (_, index) => `/${index}${"x".repeat(400)}`)
    const long = { ...rule, when: { paths }, later: true }
    const rules = [...Array.from({ length: 200 }, () => long), ...Array.from({ length: 200 }, () => rule)]
    const inForce = parsePolicyInForce({ v: 1, later: 1, enabled: true, default: { later: 1 }, rules })
    expect(inForce.rules).toHaveLength(400)
    expect(inForce).not.toHaveProperty("later")
    expect(() => parsePolicyInForce({ v: 2 })).toThrow(AppError)
    expect(() => parsePolicyInForce({ enabled: "yes" })).toThrow(AppError)
  })

  it.each([null, undefined, 1, "policy", [], true])("refuses %j as a whole", value => {
    expect(faultsOf(value)).toEqual([""])
  })

  it.each(["a\u0000b", "a\nb", "\ud800", " ", "x".repeat(101)])(
    "refuses the text %j, which the log could not keep",
    name => {
      expect(faultsOf({ rules: [{ ...rule, name }] })).toEqual(["/rules/0/name"])
    },
  )

  it("is not misled by names of the language", () => {
    expect(faultsOf(JSON.parse('{"__proto__":{"enabled":true},"constructor":1}')).sort()).toEqual([
      "/__proto__",
      "/constructor",
    ])
    expect(parsePolicy(Object.create({ enabled: true })).enabled).toBe(false)
  })

  it("writes methods in upper case, headers in lower case, and each value once", () => {
    const policy = parsePolicy({
      rules: [{ ...rule, when: { methods: ["get", "GET"] } }],
      headerNames: ["User-Agent", "*"],
    })
    expect(policy.rules[0]?.when.methods).toEqual(["GET"])
    expect(policy.headerNames).toEqual(["user-agent", "*"])
  })
})

describe("levels", () => {
  it.each(levels)("%s is a name for flags", level => {
    expect(levelOf(flagsOf(level))).toBe(level)
    expect(nearestLowerLevel(flagsOf(level))).toBe(level)
  })

  it("have no name for other flags, and the nearest lower one records nothing more", () => {
    expect(levelOf({ call: true, data: ["a"], resultData: false })).toBe("custom")
    expect(levelOf({ call: true, data: false, resultData: true })).toBe("custom")
    expect(levelOf({ call: false, data: true, resultData: true })).toBe("none")
    const chance = new Chance(9)
    for (let run = 0; run < 1_000; run++) {
      const { default: flags } = policyWith({ default: chance.flags() })
      const lower = flagsOf(nearestLowerLevel(flags))
      expect(!lower.call || flags.call).toBe(true)
      expect(!lower.data || flags.data === true).toBe(true)
      expect(!lower.resultData || flags.resultData === true).toBe(true)
    }
  })
})
