import { expect, test } from "vitest"
import { AppError } from "@/lib/errors"
import { jobErrorInWords } from "./job-error"

const secret = "nadia@acme.example"

class Named extends Error {
  override name = secret
}

/** Errors that carry data of a tenant wherever an error can. */
const carriers: readonly unknown[] = [
  new Error(`duplicate key: (email)=(${secret})`),
  new Named(secret),
  new AppError("conflict", secret, { cause: new Error(secret) }),
  Object.assign(new Error(secret), { code: secret, detail: secret, table: secret }),
  Object.assign(new Error(secret), { code: "23505", detail: `Key (email)=(${secret}) already exists.` }),
  Object.assign(new Error(secret), { code: "ECONNREFUSED", address: secret }),
  Object.assign(new Error(secret), { code: "ENOENT", path: secret }),
  Object.assign(new Error(`Connection terminated by ${secret}`), { cause: secret }),
  new AggregateError([new Error(secret)], secret),
  { message: secret, toString: () => secret },
  secret,
  null,
]

test("a stored error holds nothing of the error itself, which may quote data of a tenant", () => {
  for (const carrier of carriers) {
    const words = jobErrorInWords(carrier)
    expect(words).not.toContain("nadia")
    expect(words).not.toContain("acme")
    expect(words.length).toBeGreaterThan(10)
    expect(words.length).toBeLessThanOrEqual(200)
  }
})

test("a code is stored only when it is one of PostgreSQL or of the system", () => {
  const withCode = (code: string) => jobErrorInWords(Object.assign(new Error(), { code }))
  expect(withCode("23505")).toContain("(23505)")
  expect(withCode("42P01")).toContain("(42P01)")
  expect(withCode("ENOENT")).toContain("(ENOENT)")
  for (const other of ["NADIA", "ACME1", "99999", "ENADIA", "23505 nadia"])
    expect(withCode(other)).toMatch(/^Unexpected error\./)
})

test("a database that is away or full is named", () => {
  const withCode = (code: string) => jobErrorInWords(Object.assign(new Error(), { code }))
  expect(withCode("ECONNREFUSED")).toBe("The connection to the database failed.")
  expect(withCode("53100")).toContain("disk")
})
