import { describe, expect, it } from "vitest"
import { describePolicy, describeRule } from "./describe"
import { policyWith } from "./fixtures/calls"
import { shippedPolicy } from "./policy"

describe("a policy in sentences", () => {
  it("says that nothing is recorded until auditing is on", () => {
    expect(describePolicy(shippedPolicy)[0]).toContain("Auditing is off")
    expect(describePolicy(policyWith())[0]).toBe("Auditing is on.")
  })

  it("tells about rules, the others, what is ignored, and every part that is kept out", () => {
    const sentences = describePolicy(
      policyWith({
        ignore: ["/_ping", "/a*"],
        rules: [{ name: "Heads", when: { methods: ["HEAD"] }, then: { data: true } }],
        default: { call: true, data: ["queue", "tags"], resultData: false },
        categories: { auth: false, headers: true, version: false, stats: false, result: true, data: true },
        idsOnly: false,
        secretNames: ["iban"],
        limits: { requestBytes: 4_096, responseBytes: 100 },
        licenseKey: "L",
        ownCalls: true,
      }),
    )
    expect(sentences).toEqual([
      "Auditing is on.",
      "Rule 1, “Heads”: A HEAD call is recorded with the request and without the response.",
      "Every other call is recorded with the fields queue and tags of the request and without the response.",
      "Calls to these paths are never recorded: /_ping, /a*.",
      "OPTIONS and TRACE calls are not recorded, because no rule names them.",
      "A path that may hide another one, such as /_ping/../secrets, is never ignored.",
      "Every record is without duration and sizes and the version of the API.",
      "Every record has the headers content-type, user-agent and x-request-id.",
      "Who called is not recorded, only from which IP: filters by actor find nothing.",
      "Of created and changed objects ids and names are recorded.",
      "Of a request at most 4 KiB are recorded, and of a response at most 100 bytes.",
      "Secrets are always hidden: passwords, tokens, keys and credentials, and here also iban.",
      "Every record has the license key.",
      "Calls to this installation's own console and API are recorded too.",
    ])
  })

  it("says what a flag really does under the categories", () => {
    const all = { call: true, data: true, resultData: true }
    const said = (categories: Partial<typeof shippedPolicy.categories>) =>
      describeRule(
        { name: "R", when: {}, then: all },
        policyWith({ categories: { ...shippedPolicy.categories, ...categories } }),
      )
    expect(said({})).toBe("A call is recorded with request and response.")
    expect(said({ data: false })).toBe("A call is recorded without its bodies.")
    expect(said({ result: false })).toBe("A call is recorded with the request and without the response.")
  })

  it("names every condition of a rule", () => {
    const when = {
      methods: ["PUT", "POST"],
      paths: ["/a", "/b/*"],
      endpoints: ["users.*"],
      apps: ["shop"],
      actorTypes: ["user", "staff"],
      outcomes: ["failure", "denied"],
    } as const
    expect(describeRule({ name: "R", when, then: { call: false } }, policyWith())).toBe(
      "A PUT or POST call to /a or /b/* of the endpoint users.* of the app shop by a caller of the type user or staff with the outcome failure or denied is not recorded.",
    )
  })
})
