import { describe, expect, it } from "vitest"
import { decide } from "./decide"
import { policyWith } from "./fixtures/calls"
import { Chance } from "./fixtures/random"
import { neverMatching } from "./never-matching"
import { pathCovers } from "./path-covers"
import { compilePath, fitsPath, normalisePath } from "./paths"
import { presets, type RuleConditions } from "./policy"

const found = (...whens: RuleConditions[]) => {
  const rules = whens.map((when, index) => ({ name: `R${index}`, when, then: {} }))
  return neverMatching(policyWith({ rules })).map(({ index, rules: by }) => [index, by])
}

describe("rules that can never match", () => {
  it.each<[string, RuleConditions[], unknown]>([
    [
      "after one without conditions",
      [{}, { paths: ["/a"] }, { outcomes: ["failure"] }],
      [
        [1, [0]],
        [2, [0]],
      ],
    ],
    ["after the same one", [{ paths: ["/a"] }, { paths: ["/a/"] }], [[1, [0]]]],
    ["after a prefix", [{ paths: ["/a*"] }, { paths: ["/a/b", "/ab*"], methods: ["GET"] }], [[1, [0]]]],
    ["after a template", [{ paths: ["/a/{x}/c"] }, { paths: ["/a/b/c"] }], [[1, [0]]]],
    [
      "after a service",
      [{ endpoints: ["workers.*"] }, { endpoints: ["workers.get", "workers.a*"] }],
      [[1, [0]]],
    ],
    [
      "after several that share its values",
      [{ methods: ["GET"] }, { methods: ["PUT"] }, { methods: ["PUT", "GET"] }],
      [[2, [0, 1]]],
    ],
    ["because of the ignore list", [{ paths: ["/_ping", "/version/x"] }], [[0, []]]],
  ])("are found %s", (_, whens, expected) => {
    expect(found(...whens)).toEqual(expected)
  })

  it.each<[string, RuleConditions[]]>([
    ["that come first", [{ paths: ["/a"] }, { paths: ["/a*"] }, {}]],
    ["with a path of their own", [{ paths: ["/a*"] }, { paths: ["/a", "/b"] }]],
    ["of which an earlier one asks for more", [{ paths: ["/a"], outcomes: ["failure"] }, { paths: ["/a"] }]],
    ["that name a quiet method", [{}, { methods: ["HEAD"] }]],
    ["with a wider template", [{ paths: ["/a/b"] }, { paths: ["/a/{x}"] }]],
    ["of another version", [{ paths: ["/v1/a"] }, { paths: ["/a"] }]],
    ["of all outcomes together", [{ outcomes: ["success", "failure", "denied"] }, { paths: ["/a"] }]],
    ["of which only a part is ignored", [{ paths: ["/_ping", "/_pings"] }]],
  ])("are not those %s", (_, whens) => {
    expect(found(...whens)).toEqual([])
  })

  it("are named in a sentence, counted as people count", () => {
    const rules = [{}, { paths: ["/a"] }].map(when => ({ name: "R", when, then: {} }))
    expect(neverMatching(policyWith({ rules }))[0]?.sentence).toBe("Never matches: rule 1 comes first.")
  })

  it("are none of the presets'", () => {
    for (const preset of Object.values(presets)) expect(neverMatching(preset)).toEqual([])
  })

  it("never decide a call, in 10,000 policies and calls", () => {
    const chance = new Chance(3)
    let never = 0
    for (let run = 0; run < 10_000; run++) {
      const policy = { ...chance.policy(), enabled: true }
      const dead = neverMatching(policy).map(({ index }) => index)
      never += dead.length
      for (let calls = 0; calls < 3; calls++) {
        const call = chance.call(chance.yes(0.2) ? `/v1${chance.path()}` : undefined)
        const { ruleIndex } = decide(policy, call, chance.endpoint())
        if (ruleIndex !== null && dead.includes(ruleIndex)) expect({ run, policy, call }).toBe(ruleIndex)
      }
    }
    expect(never).toBeGreaterThan(1_000)
  })
})

describe("a pattern that covers another", () => {
  it("matches whatever the other matches, in 10,000 pairs and paths", () => {
    const chance = new Chance(4)
    let covered = 0
    for (let run = 0; run < 10_000; run++) {
      const [wide, narrow] = [chance.pattern(), chance.pattern()]
      if (!pathCovers(wide, narrow)) continue
      covered++
      for (let paths = 0; paths < 20; paths++) {
        const path = normalisePath(`${chance.yes(0.2) ? "/v1" : ""}${chance.path()}`)
        if (fitsPath(compilePath(narrow), path) && !fitsPath(compilePath(wide), path))
          expect({ wide, narrow, path }).toBe("covered")
      }
    }
    expect(covered).toBeGreaterThan(300)
  })
})
