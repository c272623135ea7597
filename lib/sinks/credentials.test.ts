import { describe, expect, it, test } from "vitest"
import { sealText } from "@/lib/sealed-bytes"
import { type CredentialsBound, openCredentials, sealCredentials } from "./credentials"
import { SinkError } from "./sink"

const secret = "0123456789abcdef0123456789abcdef"
const bound: CredentialsBound = {
  sinkId: "0c6cf9a0-7c5e-4f0e-8d53-0b2f7d3f3c11",
  organizationId: "5f0ab8e1-9d17-4d43-a3b8-6f6a3a1d9c22",
  kind: "webhook",
  host: "https://hooks.example.com",
}
const credentials = { secret: "whsec_c2VjcmV0", token: 'päss\u0000word "quoted"' }

function refusalOf(opening: () => unknown): unknown {
  try {
    return opening()
  } catch (error) {
    return error
  }
}

test("sealed credentials open with the secret and the sink that they were sealed for", () => {
  expect(openCredentials(secret, bound, sealCredentials(secret, bound, credentials))).toEqual(credentials)
  expect(openCredentials(secret, bound, sealCredentials(secret, bound, {}))).toEqual({})
  const local = { ...bound, host: null }
  expect(openCredentials(secret, local, sealCredentials(secret, local, { a: "" }))).toEqual({ a: "" })
})

describe("sealed credentials do not open", () => {
  it.each<[string, Partial<CredentialsBound>]>([
    ["for another host", { host: "https://evil.example.com" }],
    ["for the same host without TLS", { host: "http://hooks.example.com" }],
    ["for no host", { host: null }],
    ["in the row of another sink", { sinkId: "11111111-1111-4111-8111-111111111111" }],
    ["in another organization", { organizationId: "22222222-2222-4222-8222-222222222222" }],
    ["as those of another kind", { kind: "splunk" }],
    ["when two members change places", { kind: "https://hooks.example.com", host: "webhook" }],
  ])("%s", (_, other) => {
    const error = refusalOf(() =>
      openCredentials(secret, { ...bound, ...other }, sealCredentials(secret, bound, credentials)),
    )
    expect(error).toBeInstanceOf(SinkError)
    expect(error).toMatchObject({ trouble: "credentials" })
    expect(error).not.toHaveProperty("cause")
  })

  it("with another SECRET, and the error tells nothing of them", () => {
    const error = refusalOf(() =>
      openCredentials(`${secret}x`, bound, sealCredentials(secret, bound, credentials)),
    )
    expect(error).toMatchObject({ trouble: "credentials" })
    expect(String(error)).toContain("Enter them again")
    expect(String(error)).not.toMatch(/whsec|word/)
  })

  it("when any byte was changed, or they were cut", () => {
    const sealed = sealCredentials(secret, bound, credentials)
    for (let at = 0; at < sealed.length; at++) {
      const changed = Uint8Array.from(sealed, (byte, index) => (index === at ? byte ^ 1 : byte))
      expect(
        refusalOf(() => openCredentials(secret, bound, changed)),
        `byte ${at}`,
      ).toBeInstanceOf(SinkError)
      expect(refusalOf(() => openCredentials(secret, bound, sealed.subarray(0, at)))).toBeInstanceOf(
        SinkError,
      )
    }
  })

  it("when they were sealed for another purpose, or are no credentials", () => {
    const members = [bound.sinkId, bound.organizationId, bound.kind, bound.host]
    const mail = sealText({ secret, purpose: "auditorium mail content v1", bound: members }, "{}")
    expect(refusalOf(() => openCredentials(secret, bound, mail))).toBeInstanceOf(SinkError)
    for (const text of ["null", "[]", '"a"', '{"a":1}', "not json"]) {
      const sealed = sealText({ secret, purpose: "auditorium sink credentials v1", bound: members }, text)
      expect(
        refusalOf(() => openCredentials(secret, bound, sealed)),
        text,
      ).toBeInstanceOf(SinkError)
    }
  })
})

test("what is stored contains no credential, and differs each time", () => {
  const one = Buffer.from(sealCredentials(secret, bound, credentials))
  const other = Buffer.from(sealCredentials(secret, bound, credentials))
  for (const text of ["whsec", "c2VjcmV0", "word", "token", "secret"]) expect(one.includes(text)).toBe(false)
  expect(one.equals(other)).toBe(false)
})
