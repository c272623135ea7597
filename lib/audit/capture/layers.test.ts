// biome-ignore-all lint/suspicious/noTemplateCurlyInString: substitutions are what HOCON calls them
import { describe, expect, it } from "vitest"
import { type CaptureEnvironment, emptyEnvironment, readCaptureEnvironment } from "./clearml-environment"
import { environmentLinesOf, hasEnvironmentLines } from "./environment-lines"
import { policyWith } from "./fixtures/calls"
import { Chance } from "./fixtures/random"
import { effectivePolicy, withoutEnvironment } from "./layers"
import { parsePolicy } from "./parse-policy"
import { type CapturePolicy, type Rule, shippedPolicy } from "./policy"

/** Returns the environment of lines as a shell sets them. */
function environmentOf(lines: readonly string[]): CaptureEnvironment {
  const source = Object.fromEntries(
    lines.map(line => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  )
  const { environment, problems } = readCaptureEnvironment(source, null)
  if (problems.length > 0) expect(problems).toEqual([])
  return environment
}

const linesOf = (policy: CapturePolicy) => environmentLinesOf(policy).map(({ line }) => line)
const stored = policyWith({
  enabled: false,
  rules: [{ name: "Mine", when: { paths: ["/a"] }, then: { call: false } }],
})
const environment = environmentOf([
  "CLEARML__apiserver__log_calls=true",
  "CLEARML__apiserver__endpoints___default__log_data=true",
  "CLEARML__apiserver__endpoints__users__get_all__log_call=false",
  "CLEARML__apiserver__apilog__log_fields__headers__enabled=true",
])

describe("the policy in force", () => {
  it("is the organization's own where the environment is silent", () => {
    expect(effectivePolicy(stored, emptyEnvironment)).toEqual({ policy: stored, locks: [] })
  })

  it("has what the environment sets on top, its endpoints before the stored rules, and a lock for each", () => {
    const { policy, locks } = effectivePolicy(stored, environment)
    expect(policy).toEqual({
      ...stored,
      enabled: true,
      ownCalls: true,
      default: { call: true, data: true, resultData: false },
      categories: { ...stored.categories, headers: true },
      rules: [
        { name: "users.get_all", when: { endpoints: ["users.get_all"] }, then: { call: false } },
        ...stored.rules,
      ],
    })
    expect(locks.map(({ pointer }) => pointer).sort()).toEqual([
      "/categories/headers",
      "/default/data",
      "/enabled",
      "/ownCalls",
      "/rules/0",
    ])
  })

  it("is the same object for the same two, so that it is compiled once", () => {
    expect(effectivePolicy(stored, environment)).toBe(effectivePolicy(stored, environment))
    expect(effectivePolicy(stored, environment)).not.toBe(effectivePolicy({ ...stored }, environment))
  })

  it("is a policy that can be read again", () => {
    const { policy } = effectivePolicy(stored, environment)
    expect(parsePolicy(structuredClone(policy))).toEqual(policy)
  })
})

describe("saving a policy under locks", () => {
  const { policy } = effectivePolicy(stored, environment)
  const save = (given: CapturePolicy) => withoutEnvironment(given, stored, environment)

  it("changes nothing when it is what was read", () => {
    expect(save(policy)).toEqual({ stored, broken: [] })
  })

  it("keeps what lies beneath a lock, and takes every other change", () => {
    const rules = [...policy.rules, { name: "New", when: {}, then: {} }]
    expect(
      save({ ...policy, idsOnly: false, default: { ...policy.default, resultData: true }, rules }),
    ).toEqual({
      stored: {
        ...stored,
        idsOnly: false,
        default: { ...stored.default, resultData: true },
        rules: [...stored.rules, { name: "New", when: {}, then: {} }],
      },
      broken: [],
    })
  })

  it.each<[string, Partial<CapturePolicy>, string]>([
    ["/enabled", { enabled: false }, "CLEARML__apiserver__log_calls"],
    ["/ownCalls", { ownCalls: false }, "CLEARML__apiserver__log_calls"],
    [
      "/default/data",
      { default: { ...policy.default, data: ["x"] } },
      "CLEARML__apiserver__endpoints___default__log_data",
    ],
    [
      "/categories/headers",
      { categories: stored.categories },
      "CLEARML__apiserver__apilog__log_fields__headers__enabled",
    ],
    ["/rules/0", { rules: stored.rules }, "CLEARML__apiserver__endpoints__users__get_all__log_call"],
    ["/rules/0", { rules: [] }, "CLEARML__apiserver__endpoints__users__get_all__log_call"],
    [
      "/rules/0",
      { rules: [...stored.rules, ...policy.rules] },
      "CLEARML__apiserver__endpoints__users__get_all__log_call",
    ],
  ])("is refused for another value of %s: %j", (pointer, given, variable) => {
    expect(save({ ...policy, ...given }).broken).toMatchObject([{ pointer, variable }])
  })
})

describe("the lines of an environment", () => {
  it("are those of ClearML's documentation", () => {
    const rules: Rule[] = [
      {
        name: "r",
        when: { endpoints: ["workers.status_report"] },
        then: { call: true, data: ["queue", "tags"] },
      },
    ]
    expect(linesOf(policyWith({ rules }))).toEqual([
      "CLEARML__apiserver__log_calls=true",
      "CLEARML__apiserver__endpoints___default__log_call=true",
      "CLEARML__apiserver__endpoints___default__log_data=false",
      "CLEARML__apiserver__endpoints___default__log_result_data=false",
      "CLEARML__apiserver__endpoints__workers__status_report__log_call=true",
      'CLEARML__apiserver__endpoints__workers__status_report__log_data=["queue", "tags"]',
      "CLEARML__apiserver__apilog__log_fields__auth__enabled=true",
      "CLEARML__apiserver__apilog__log_fields__headers__enabled=false",
      "CLEARML__apiserver__apilog__log_fields__version__enabled=true",
      "CLEARML__apiserver__apilog__log_fields__stats__enabled=true",
      "CLEARML__apiserver__apilog__log_fields__result__enabled=true",
      "CLEARML__apiserver__apilog__log_fields__data__enabled=true",
      "CLEARML__apiserver__apilog__redact_identity=false",
    ])
  })

  it.each<Rule["when"]>([
    {},
    { paths: ["/a"] },
    { endpoints: ["workers.*"] },
    { endpoints: ["Users.get"] },
    { endpoints: ["a__b"] },
    { endpoints: ["a_.b"] },
    { endpoints: ["_default"] },
    { endpoints: ["default"] },
    { endpoints: ["/containers/create"] },
    { endpoints: ["users-x.get"] },
    { endpoints: ["users.get"], outcomes: ["failure"] },
    { endpoints: ["users.get", "Users.get"] },
    { endpoints: ["a..b"] },
  ])("there are none for a rule that ClearML's keys cannot say: %j", when => {
    const rule = { name: "r", when, then: { call: false } }
    expect(hasEnvironmentLines(rule)).toBe(false)
    expect(linesOf(policyWith({ rules: [rule] }))).toHaveLength(11)
  })

  it("give the same policy again when an environment has them, in 10,000 policies", () => {
    const chance = new Chance(7)
    const names = [
      "users.get_all",
      "workers.status_report",
      "a._b",
      "x",
      "_y.z9",
      "auth.login",
      "log_call.log_data",
    ]
    const fields = [
      "queue",
      "tags",
      "a.b",
      'quo"te',
      "back\\slash",
      "#no",
      "${x}",
      "é\u2028",
      "true",
      "1",
      "a,b",
      "'q'x",
      "//",
    ]
    for (let run = 0; run < 10_000; run++) {
      const flags = () => {
        const given = chance.flags()
        const field = () => chance.some(fields)
        return {
          ...given,
          ...(chance.yes(0.3) ? { data: field() } : {}),
          ...(chance.yes(0.3) ? { resultData: field() } : {}),
        }
      }
      const some = (): Rule["then"] => {
        const { call, data, resultData } = flags()
        return chance.pick([
          { call },
          { data },
          { resultData },
          { call, resultData },
          { call, data, resultData },
        ])
      }
      const isOn = () => chance.yes()
      const enabled = isOn()
      const policy: CapturePolicy = {
        ...shippedPolicy,
        enabled,
        ownCalls: enabled,
        redactIdentity: isOn(),
        default: flags(),
        categories: {
          auth: isOn(),
          headers: isOn(),
          version: isOn(),
          stats: isOn(),
          result: isOn(),
          data: isOn(),
        },
        rules: [...new Set(chance.some(names, 5))]
          .sort()
          .map(name => ({ name, when: { endpoints: [name] }, then: some() })),
      }
      const lines = linesOf(policy)
      const shuffled = chance.yes() ? lines.toReversed() : lines
      const read = effectivePolicy({ ...shippedPolicy, rules: [] }, environmentOf(shuffled)).policy
      if (JSON.stringify(read) !== JSON.stringify(policy)) expect({ run, lines, read }).toEqual(policy)
    }
  })
})
