import { expect, test } from "vitest"
import { copyName, heldByText, throughText } from "./role"

test("who holds a role is said in words, with the right number", () => {
  expect(heldByText({ members: 0, groups: 0, invitations: 0 })).toBe("Nobody")
  expect(heldByText({ members: 1, groups: 2, invitations: 1 })).toBe("1 member, 2 groups, 1 invitation")
})

test("the way in which a role is held is said in words", () => {
  expect(throughText({ kind: "directly" })).toBe("directly")
  expect(throughText({ kind: "group", id: "1", name: "Readers" })).toBe("through group Readers")
  expect(throughText({ kind: "app", slug: "billing", name: "Billing" })).toBe("in app Billing")
})

test("a copy gets a name that no role has, in whatever case, and that still fits", () => {
  expect(copyName("Auditor", [])).toBe("Copy of Auditor")
  expect(copyName("Auditor", ["copy of auditor", "Copy of Auditor 2"])).toBe("Copy of Auditor 3")
  expect(copyName("x".repeat(100), []).length).toBeLessThanOrEqual(100)
})
