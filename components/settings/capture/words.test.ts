import { expect, test } from "vitest"
import { presets } from "@/lib/audit/capture/policy"
import { conditionWords, counted, formatBytes, formatCount, listed, ownSentence } from "./words"

test("the conditions of a rule are one readable sentence, whichever of them are given", () => {
  expect(conditionWords({})).toBe("Every call")
  expect(conditionWords({ methods: ["POST"] })).toBe("POST calls")
  expect(conditionWords({ methods: ["POST", "PUT"], paths: ["/secrets/create", "/swarm*"] })).toBe(
    "POST or PUT calls to /secrets/create or /swarm…",
  )
  expect(conditionWords({ endpoints: ["workers.*"], apps: ["hub"], outcomes: ["denied", "failure"] })).toBe(
    "Calls to workers.* recorded by the app hub that were denied or failed",
  )
  expect(conditionWords({ actorTypes: ["anonymous", "api_key", "user"] })).toBe(
    "Calls made by anonymous callers, API keys or users",
  )
})

test("a rule by itself says what it leaves to the default, whatever the default is", () => {
  const words = (then: object) => ownSentence({ name: "R", when: {}, then })
  expect(words({})).toBe("Every call: as the default.")
  expect(words({ call: false, data: true })).toBe("Every call: not recorded.")
  expect(words({ call: true, data: false, resultData: ["id"] })).toBe(
    "Every call: recorded, without request data, with id of the response data.",
  )
})

test("every rule of every preset has a sentence of its own", () => {
  for (const { rules } of Object.values(presets)) {
    const sentences = rules.map(ownSentence)
    expect(new Set(sentences).size).toBe(rules.length)
    for (const sentence of sentences) expect(sentence).toMatch(/^(Calls|[A-Z, or]+ calls) .+: .+\.$/)
  }
})

test("numbers and sizes are the same on server and browser, and never a fraction of a byte", () => {
  expect([0, 999, 1000, 1234567.4].map(formatCount)).toEqual(["0", "999", "1,000", "1,234,567"])
  expect([0, 1, 512.4, 999.6, 8192, 12_288, 9_990_000, 5e9].map(formatBytes)).toEqual([
    "0 bytes",
    "1 byte",
    "512 bytes",
    "1.0 kB",
    "8.2 kB",
    "12 kB",
    "10 MB",
    "5.0 GB",
  ])
  expect(counted(1, "call")).toBe("1 call")
  expect(counted(2000, "entry", "entries")).toBe("2,000 entries")
  expect(listed(["a", "b", "c"], "and")).toBe("a, b and c")
})
