import { describe, expect, test } from "vitest"
import { leastWork } from "@/test/work"
import { hashingCost, hashPassword, passwordFaults, verifyPassword } from "./password"

const email = "ada@acme.example"

describe("rules", () => {
  test("a short password is refused with words that say how long it must be", async () => {
    expect(await passwordFaults("eleven char", email)).toEqual([expect.stringContaining("at least 12")])
    expect(await passwordFaults("twelve chars", email)).toEqual([])
  })

  test("characters are counted, not UTF-16 units", async () => {
    expect(await passwordFaults("🔑".repeat(11), email)).toHaveLength(1)
    expect(await passwordFaults("🔑".repeat(12), email)).toEqual([])
  })

  test("a password of more than 200 characters is refused", async () => {
    expect(await passwordFaults("a".repeat(200), email)).toEqual([])
    expect(await passwordFaults("a".repeat(201), email)).toEqual([expect.stringContaining("at most 200")])
  })

  test("the e-mail address is refused as a password in any case", async () => {
    expect(await passwordFaults("Ada@ACME.example ", email)).toEqual([expect.stringContaining("e-mail")])
  })

  test("no mixture of characters is asked for", async () => {
    expect(await passwordFaults("zzzzqqqqxxxx", email)).toEqual([])
  })
})

describe("hashes", () => {
  test("a hash is argon2id at OWASP's cost and holds no trace of the password", async () => {
    const made = await hashPassword("correct horse battery")
    expect(made).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(made).not.toContain("correct")
    expect(hashingCost.memoryCost).toBeGreaterThanOrEqual(19 * 1024)
  })

  test("only the right password fits, however its accents were typed", async () => {
    const made = await hashPassword("caf\u00e9 con leche")
    expect(await verifyPassword(made, "caf\u00e9 con leche")).toBe(true)
    expect(await verifyPassword(made, "cafe\u0301 con leche")).toBe(true)
    expect(await verifyPassword(made, "cafe con leche")).toBe(false)
  })

  test("nothing fits a person without a password", async () => {
    expect(await verifyPassword(null, "correct horse battery")).toBe(false)
    expect(await verifyPassword(null, "")).toBe(false)
  })

  test("an unknown person costs the work of a known one", async () => {
    const made = await hashPassword("correct horse battery")
    const known = await leastWork(() => verifyPassword(made, "something else"))
    const unknown = await leastWork(() => verifyPassword(null, "something else"))
    expect(unknown / known).toBeGreaterThan(0.5)
    expect(unknown / known).toBeLessThan(2)
  })
})
