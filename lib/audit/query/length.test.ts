import { describe, expect, test } from "vitest"
import { lengthFault } from "./length"
import { type AuditQuery, plainQuery as plain, withText, withValues } from "./query"
import { equalTo } from "./value"
import { writeQuery } from "./write"

const bytesOf = (query: AuditQuery) => writeQuery(query).toString().length

describe("a query for an address", () => {
  test("fits up to 7 KiB as written, and not with a byte more", () => {
    const withBytes = (bytes: number) => withText(plain, "x".repeat(bytes - "text=".length))
    expect(bytesOf(withBytes(7_168))).toBe(7_168)
    expect(lengthFault(withBytes(7_168))).toBeNull()
    expect(lengthFault(withBytes(7_169))).toMatch(/POST \/api\/v1\/events\/search/)
  })

  test("is measured as it is written, not as it is typed", () => {
    expect(lengthFault(withText(plain, "a".repeat(1_000)))).toBeNull()
    expect(lengthFault(withText(plain, "語".repeat(1_000)))).not.toBeNull()
  })

  test("has at most 190 values: the server takes 200 parameters", () => {
    const values = Array.from({ length: 95 }, (_, n) => equalTo(`a.${n}`))
    const many = withValues(withValues(plain, "operation", values, "include"), "actor", values, "include")
    expect(lengthFault(many)).toBeNull()
    expect(lengthFault(withText(many, "x"))).not.toBeNull()
  })
})
