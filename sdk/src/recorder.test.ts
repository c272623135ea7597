import { describe, expect, it } from "vitest"
import { callWith, policyWith } from "@/lib/audit/capture/fixtures/calls"
import { clearml } from "@/lib/audit/capture/profiles/clearml"
import { generic } from "@/lib/audit/capture/profiles/generic"
import { keepFor } from "./recorder"

describe("what is kept of a call until it ends", () => {
  const rule = { name: "R", when: { endpoints: ["/users/:id"] }, then: { data: true } }
  const policy = policyWith({ rules: [rule] })

  it("is the body that a rule for a route wants, although the framework names the route only at the end", () => {
    expect(keepFor(callWith({ path: "/users/anna" }), policy, generic).requestBytes).toBeGreaterThan(0)
    expect(keepFor(callWith({ path: "/users/anna", route: "/users" }), policy, generic).requestBytes).toBe(0)
  })

  it("is nothing for a rule of another endpoint where the path alone tells the endpoint", () => {
    const call = callWith({ path: "/users.get_all", method: "POST" })
    expect(keepFor(call, policy, clearml).requestBytes).toBe(0)
  })
})
