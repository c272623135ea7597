import { describe, expect, it } from "vitest"
import { AppError } from "@/lib/errors"
import { policyWith } from "./fixtures/calls"
import { withPastedFile } from "./pasted-file"

const stored = policyWith({
  rules: [
    { name: "Secrets", when: { paths: ["/secrets/*"] }, then: { data: false } },
    { name: "users.get_all", when: { endpoints: ["users.get_all"] }, then: { call: true } },
    { name: "Both", when: { endpoints: ["users.get_all"], methods: ["GET"] }, then: {} },
  ],
})

describe("a configuration that was pasted", () => {
  it("sets what it says in the policy, in front of the rules, and leaves the rest", () => {
    const text = "log_calls: true\nendpoints { users.get_all { log_call: false }, _default.log_data: [id] }"
    const { policy, warnings } = withPastedFile(text, stored)
    expect(warnings).toEqual([])
    expect(policy).toEqual({
      ...stored,
      enabled: true,
      ownCalls: true,
      default: { ...stored.default, data: ["id"] },
      rules: [
        { name: "users.get_all", when: { endpoints: ["users.get_all"] }, then: { call: false } },
        stored.rules[0],
        stored.rules[2],
      ],
    })
    expect(withPastedFile(text, policy).policy).toEqual(policy)
  })

  it("may be empty, or lines of an environment", () => {
    expect(withPastedFile(" # nothing", stored).policy).toEqual(stored)
    const line = "CLEARML__apiserver__apilog__redact_identity: true"
    expect(withPastedFile(line, stored).policy.redactIdentity).toBe(true)
  })

  it("is refused with every line that does not fit", () => {
    const faultsOf = (text: string) => {
      try {
        return withPastedFile(text, stored).warnings
      } catch (error) {
        if (error instanceof AppError) return error.faults.map(({ message }) => message)
        throw error
      }
    }
    expect(faultsOf("log_calls: x\napilog.adapter: y")).toEqual([
      expect.stringContaining("line 1"),
      expect.stringContaining("line 2"),
    ])
    expect(faultsOf("a: 1\ninclude x")).toEqual(["the text, line 2: include is not supported"])
    expect(faultsOf("apilog.adaptor: y")).toEqual([expect.stringContaining("line 1")])
  })
})
