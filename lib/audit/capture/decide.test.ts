import { describe, expect, it } from "vitest"
import type { Call } from "./call"
import { type Circumstances, considered, decide } from "./decide"
import { callWith, policyWith } from "./fixtures/calls"
import { Chance } from "./fixtures/random"
import type { CapturePolicy, Flags, Rule, RuleConditions } from "./policy"
import { presets, shippedPolicy } from "./policy"

const all: Flags = { call: true, data: true, resultData: true }
const rule = (when: RuleConditions, then: Rule["then"] = { call: false }, name = "R"): Rule => ({
  name,
  when,
  then,
})
const why = (policy: CapturePolicy, call: Partial<Call>, circumstances: Circumstances = {}, endpoint = "e") =>
  decide(policy, callWith(call), endpoint, circumstances).why

describe("a call is decided", () => {
  it("by nobody until auditing is switched on: the shipped policy records nothing", () => {
    expect(decide(shippedPolicy, callWith(), "e")).toMatchObject({
      call: false,
      data: false,
      why: "disabled",
    })
    expect(considered(shippedPolicy, callWith(), "e")).toEqual({
      call: false,
      data: false,
      resultData: false,
    })
  })

  it("by the default where no rule matches", () => {
    expect(decide(policyWith(), callWith(), "e")).toEqual({
      call: true,
      data: false,
      resultData: false,
      rule: null,
      ruleIndex: null,
      why: "default",
      withoutEffect: [],
    })
  })

  it("by the first rule that matches, and by no further one", () => {
    const rules = [
      rule({ paths: ["/b"] }, {}, "other"),
      rule({ paths: ["/a"] }, { data: ["x"] }, "first"),
      rule({ paths: ["/a"] }, all, "second"),
    ]
    expect(decide(policyWith({ rules }), callWith({ path: "/a" }), "e")).toMatchObject({
      rule: "first",
      ruleIndex: 1,
      why: "rule",
      data: ["x"],
      resultData: false,
    })
  })

  it("flag by flag: what the deciding rule leaves out comes from the default", () => {
    const flags: (keyof Flags)[] = ["call", "data", "resultData"]
    for (const given of flags) {
      const policy = policyWith({
        default: all,
        rules: [rule({}, { call: true, [given]: given === "call" })],
      })
      expect(decide(policy, callWith(), "e")).toMatchObject({ ...all, [given]: given === "call" })
    }
  })

  it("not at all by OPTIONS, HEAD and TRACE, unless a rule that matches names the method", () => {
    for (const method of ["OPTIONS", "HEAD", "TRACE"]) {
      expect(why(policyWith({ default: all }), { method })).toBe("method")
      expect(why(policyWith({ rules: [rule({}, all)] }), { method })).toBe("method")
      const rules = [rule({ methods: [method], paths: ["/a"] }, all)]
      expect(why(policyWith({ rules }), { method, path: "/a" })).toBe("rule")
      expect(why(policyWith({ rules }), { method, path: "/b" })).toBe("method")
    }
    for (const method of ["GET", "PUT", "POST", "PATCH", "DELETE", "PROPFIND", "CONNECT"])
      expect(why(policyWith(), { method })).toBe("default")
  })

  it("by the ignore list before the rules", () => {
    const policy = policyWith({ rules: [rule({}, all)] })
    expect(why(policy, { path: "/_ping" })).toBe("ignored")
    expect(why(policy, { path: "/v1.41/version" })).toBe("ignored")
    expect(why(policy, { path: "/_pings" })).toBe("rule")
  })

  it("never where it would feed itself, whatever the policy says", () => {
    const policy = policyWith({ ownCalls: true, default: all, ignore: [] })
    const own = { isOwn: true }
    for (const path of [
      "/api/v1/events",
      "/api/v1/events/",
      "/api/v1/capture/policy",
      "/api/v1/capture/counts",
    ])
      expect(why(policy, { method: "POST", path }, own)).toBe("never")
    for (const path of ["/api/health", "/api/metrics", "/api/build"])
      expect(why(policy, { path }, own)).toBe("never")
    expect(why(policy, { method: "GET", path: "/api/v1/events" }, own)).toBe("default")
    expect(why(policy, { method: "POST", path: "/api/v1/events/search" }, own)).toBe("default")
    expect(why(policy, { method: "POST", path: "/api/v1/events" })).toBe("default")
    expect(why({ ...policy, ownCalls: false }, { path: "/api/v1/key" }, own)).toBe("disabled")
  })

  it("with a flag `call` that is off: nothing, and the other flags are told to be without effect", () => {
    const off = { call: false, data: true, resultData: ["a"] }
    const expected = {
      call: false,
      data: false,
      resultData: false,
      why: "call-off",
      withoutEffect: [
        { flag: "data", because: "call" },
        { flag: "resultData", because: "call" },
      ],
    }
    expect(decide(policyWith({ default: off }), callWith(), "e")).toMatchObject(expected)
    expect(decide(policyWith({ rules: [rule({}, off)] }), callWith(), "e")).toMatchObject({
      ...expected,
      rule: "R",
    })
  })

  it("with the categories over the flags", () => {
    const on = shippedPolicy.categories
    const decided = (categories: Partial<typeof on>) =>
      decide(policyWith({ default: all, categories: { ...on, ...categories } }), callWith(), "e")
    expect(decided({})).toMatchObject(all)
    expect(decided({ data: false })).toMatchObject({
      call: true,
      data: false,
      resultData: false,
      withoutEffect: [
        { flag: "data", because: "categories.data" },
        { flag: "resultData", because: "categories.data" },
      ],
    })
    expect(decided({ result: false })).toMatchObject({
      data: true,
      resultData: false,
      withoutEffect: [{ flag: "resultData", because: "categories.result" }],
    })
    expect(decided({ auth: false, headers: false, version: false, stats: false })).toMatchObject(all)
  })
})

describe("the conditions of a rule", () => {
  const cases: [RuleConditions, Partial<Call>, boolean, string?][] = [
    [{}, {}, true],
    [{ methods: ["post", "PUT"] }, { method: "POST" }, true],
    [{ methods: ["POST"] }, { method: "GET" }, false],
    [{ paths: ["/a", "/b/{id}"] }, { path: "/v1.41//b/7/" }, true],
    [{ paths: ["/a"] }, { path: "/A" }, false],
    [{ endpoints: ["workers.*"] }, {}, true, "workers.status_report"],
    [{ endpoints: ["workers.*"] }, {}, false, "workersx.y"],
    [{ endpoints: ["workers.get", "users.get"] }, {}, true, "users.get"],
    [{ endpoints: ["users.get"] }, {}, false, "users.get_all"],
    [{ apps: ["one", "two"] }, { app: "two" }, true],
    [{ apps: ["one"] }, { app: "three" }, false],
    [{ apps: ["one"] }, { app: null }, false],
    [{ actorTypes: ["user"] }, { caller: { type: "user", id: "u" } }, true],
    [{ actorTypes: ["user"] }, { caller: { type: "api_key", id: "u" } }, false],
    [{ actorTypes: ["anonymous"] }, { caller: null }, true],
    [{ outcomes: ["denied"] }, { status: 403 }, true],
    [{ outcomes: ["denied"] }, { status: 401 }, true],
    [{ outcomes: ["denied"] }, { status: 404 }, false],
    [{ outcomes: ["failure"] }, { status: 404 }, true],
    [{ outcomes: ["failure"] }, { status: 200, failure: "client-gone" }, true],
    [{ outcomes: ["failure"] }, { status: null }, true],
    [{ outcomes: ["success"] }, { status: 304 }, true],
    [{ outcomes: ["success"] }, { status: 101, state: "opened" }, true],
    [{ outcomes: ["success", "failure", "denied"] }, { status: null, state: "opened" }, false],
    [{ methods: ["GET"], paths: ["/a"], outcomes: ["success"] }, { path: "/a" }, true],
    [{ methods: ["GET"], paths: ["/a"], outcomes: ["failure"] }, { path: "/a" }, false],
  ]
  it.each(cases)("%j against %j: %s", (when, call, isMatch, endpoint = "e") => {
    expect(why(policyWith({ rules: [rule(when, all)] }), call, {}, endpoint)).toBe(
      isMatch ? "rule" : "default",
    )
  })

  it("take the caller and the outcome from who knows them better", () => {
    const policy = policyWith({ rules: [rule({ actorTypes: ["staff"], outcomes: ["denied"] }, all)] })
    expect(why(policy, {}, { actorType: "staff", outcome: "denied" })).toBe("rule")
    expect(why(policy, {}, { actorType: "staff" })).toBe("default")
  })
})

describe("a suspicious path", () => {
  const path = "/_ping/%2e%2e/secrets"

  it("is recorded although what it looks like is ignored", () => {
    expect(why(presets.ucp, { path })).toBe("default")
    expect(why(presets.ucp, { path: "/version%2f..%2fx" })).toBe("default")
  })

  it("is not hidden by a rule of paths or endpoints that records less than the default", () => {
    const less: Rule["then"][] = [
      { call: false },
      { data: false },
      { data: ["a"] },
      { resultData: ["a", "c"] },
    ]
    const standard: Flags = { call: true, data: ["a", "b"], resultData: ["a", "b"] }
    for (const then of less)
      for (const when of [
        { paths: ["/secrets"] },
        { endpoints: ["e"] },
        { methods: ["GET"], paths: ["/*"] },
      ]) {
        const policy = policyWith({ default: standard, rules: [rule(when, then)] })
        expect([then, when, why(policy, { path })]).toEqual([then, when, "default"])
      }
  })

  it("keeps rules that record as much or more, and rules that do not look at it", () => {
    const standard: Flags = { call: true, data: ["a"], resultData: false }
    const whyWith = (when: RuleConditions, then: Rule["then"]) =>
      decide(policyWith({ default: standard, rules: [rule(when, then)] }), callWith({ path }), "e").rule
    expect(whyWith({ paths: ["/secrets"] }, { data: ["b", "a"], resultData: true })).toBe("R")
    expect(whyWith({ paths: ["/secrets"] }, {})).toBe("R")
    expect(whyWith({ methods: ["GET"] }, { call: false })).toBe("R")
  })
})

describe("what is kept from the start", () => {
  it("is a body that a rule for failures may want", () => {
    const policy = policyWith({ rules: [rule({ outcomes: ["failure"] }, { data: true, resultData: ["a"] })] })
    expect(considered(policy, callWith(), "e")).toEqual({ call: true, data: true, resultData: true })
    const quiet = policyWith({
      default: { ...all, call: false },
      rules: [rule({ outcomes: ["denied"] }, { call: true })],
    })
    expect(considered(quiet, callWith(), "e")).toEqual({ call: true, data: true, resultData: true })
  })

  it("is nothing that no rule can ask for any more", () => {
    const rules = [
      rule({ paths: ["/a"] }, { data: true }),
      rule({ methods: ["GET"] }, {}),
      rule({ outcomes: ["failure"] }, all),
    ]
    expect(considered(policyWith({ rules }), callWith({ path: "/b" }), "e")).toEqual({
      call: true,
      data: false,
      resultData: false,
    })
  })

  it("takes an endpoint that is not known yet for any", () => {
    const policy = policyWith({ rules: [rule({ endpoints: ["x"] }, all)] })
    expect(considered(policy, callWith(), null).data).toBe(true)
    expect(considered(policy, callWith(), "y").data).toBe(false)
  })

  it("is never less than what the end asks for, in 10,000 policies and calls", () => {
    const chance = new Chance(1)
    let recorded = 0
    for (let run = 0; run < 10_000; run++) {
      const policy = chance.policy()
      const call = chance.call(chance.yes(0.9) ? undefined : `${chance.path()}/../${chance.path()}`)
      const endpoint = chance.endpoint()
      const isOwn = chance.yes(0.2)
      const end = decide(policy, call, endpoint, { isOwn })
      const start = considered(policy, call, chance.yes(0.8) ? endpoint : null, { isOwn })
      const enough =
        (start.call || !end.call) &&
        (start.data || end.data === false) &&
        (start.resultData || end.resultData === false)
      if (!enough) expect({ run, policy, call, endpoint, start, end }).toBe("enough")
      if (end.call) recorded++
    }
    expect(recorded).toBeGreaterThan(3_000)
    expect(recorded).toBeLessThan(9_000)
  })
})

describe("the spelling of a path", () => {
  it("changes no decision by slashes or a version, in 10,000 policies and calls", () => {
    const chance = new Chance(2)
    const seen = new Set<string>()
    for (let run = 0; run < 10_000; run++) {
      const drawn = chance.policy()
      const withoutVersion = (patterns: readonly string[]) =>
        patterns.filter(pattern => !/^\/v\d/.test(pattern))
      const policy = {
        ...drawn,
        ignore: withoutVersion(drawn.ignore),
        rules: drawn.rules.map(one => ({
          ...one,
          when: { ...one.when, ...(one.when.paths && { paths: [...withoutVersion(one.when.paths), "/z"] }) },
        })),
      }
      const call = chance.call()
      const version = chance.pick(["", "/v1", "/v1.41", "/v22.0"])
      const slashes = () => "/".repeat(1 + chance.below(3))
      const spelled = `${version}${call.path}`.replace(/\//g, slashes) + (chance.yes() ? slashes() : "")
      const [plain, other] = [call.path, spelled].map(path => decide(policy, { ...call, path }, "a.get"))
      if (JSON.stringify(plain) !== JSON.stringify(other))
        expect({ run, policy, call, spelled, other }).toBe(plain)
      seen.add(plain?.why ?? "")
    }
    expect([...seen].sort()).toEqual(["call-off", "default", "disabled", "ignored", "method", "rule"])
  })
})
