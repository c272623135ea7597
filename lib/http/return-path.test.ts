import { describe, expect, test } from "vitest"
import { isOwnPath, pathHeader, signInPath } from "./return-path"

const from = (path: string | null) => new Headers(path === null ? {} : { [pathHeader]: path })

describe("whoever must sign in first", () => {
  test("is led back to the page they wanted, filters included", () => {
    expect(signInPath(from("/acme/admin/audit-logs?status=failure&text=a%26b"), "acme")).toBe(
      "/sign-in?return=%2Facme%2Fadmin%2Faudit-logs%3Fstatus%3Dfailure%26text%3Da%2526b",
    )
  })

  test("is led to the organization when the page is not known", () => {
    expect(signInPath(from(null), "acme")).toBe("/sign-in?return=%2Facme")
    expect(signInPath(from(null), null)).toBe("/sign-in")
  })

  test("never takes the link of an invitation along", () => {
    expect(signInPath(from("/invitations/Zm9vYmFy"), null)).toBe("/sign-in")
    expect(signInPath(from("/invitations"), null)).toBe("/sign-in?return=%2Finvitations")
  })

  test.each([
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "/a\\b",
    "/a b",
    "javascript:alert(1)",
    "",
    "/\t/x",
  ])("is never led to another site: %s", path => {
    expect(isOwnPath(path)).toBe(false)
    expect(signInPath(new Headers(), null)).toBe("/sign-in")
  })
})
