import { describe, expect, it } from "vitest"
import { AppError } from "@/lib/errors"
import { policyWith } from "./fixtures/calls"
import { flagsOf, levels } from "./level"
import {
  applyUcpDocument,
  isCustomForUcp,
  parseUcpDocument,
  type UcpSettings,
  ucpDocument,
} from "./ucp-document"

const settings = (given: Partial<UcpSettings> = {}): UcpSettings => ({
  policy: policyWith(),
  logLevel: "info",
  supportDumpIncludeAuditLogs: false,
  ...given,
})

function faultsOf(value: unknown) {
  try {
    parseUcpDocument(value)
  } catch (error) {
    if (error instanceof AppError) return error.faults.map(({ pointer }) => pointer)
    throw error
  }
  return []
}

const sample = { logLevel: "INFO", auditLevel: "metadata", supportDumpIncludeAuditLogs: false }

describe("the document of UCP", () => {
  it("is byte for byte the documented one, which a shell hands on unquoted", () => {
    const text = ucpDocument(settings())
    expect(text).toBe('{"logLevel":"INFO","auditLevel":"metadata","supportDumpIncludeAuditLogs":false}')
    expect(text).not.toMatch(/\s/)
  })

  it.each(levels)("puts back as it was read at level %s, and changes nothing", level => {
    for (const enabled of [true, false])
      for (const logLevel of ["debug", "info", "warn", "error", "silent"] as const) {
        const before = settings({ policy: policyWith({ enabled, default: flagsOf(level) }), logLevel })
        expect(applyUcpDocument(before, parseUcpDocument(JSON.parse(ucpDocument(before))))).toEqual(before)
      }
  })

  it.each([
    [{ call: true, data: ["a"], resultData: false }, "metadata"],
    [{ call: true, data: false, resultData: true }, "metadata"],
    [{ call: true, data: true, resultData: ["a"] }, "request"],
    [{ call: false, data: true, resultData: true }, "none"],
  ] as const)("shows the default %j as %s, and putting that back does not destroy it", (standard, word) => {
    const before = settings({ policy: policyWith({ default: standard }) })
    expect(isCustomForUcp(before.policy)).toBe(true)
    expect(JSON.parse(ucpDocument(before))).toMatchObject({ auditLevel: word })
    expect(applyUcpDocument(before, parseUcpDocument({ ...sample, auditLevel: word })).policy).toBe(
      before.policy,
    )
  })

  it("is not custom where a level says the same", () => {
    for (const level of ["metadata", "request", "request-response"] as const)
      expect(isCustomForUcp(policyWith({ default: flagsOf(level) }))).toBe(false)
    expect(
      isCustomForUcp(policyWith({ enabled: false, default: { call: true, data: ["a"], resultData: false } })),
    ).toBe(false)
  })

  it.each([
    ["none", false, flagsOf("request")],
    ["", false, flagsOf("request")],
    ["metadata", true, flagsOf("metadata")],
    ["Metadata", true, flagsOf("metadata")],
    ["REQUEST-RESPONSE", true, flagsOf("request-response")],
  ] as const)(
    "sets the level %j and leaves the rest of the policy alone",
    (auditLevel, enabled, standard) => {
      const before = settings({ policy: policyWith({ default: flagsOf("request"), secretNames: ["x"] }) })
      const { policy } = applyUcpDocument(before, parseUcpDocument({ ...sample, auditLevel }))
      expect(policy).toEqual({ ...before.policy, enabled, default: standard })
    },
  )

  it.each([
    ["DEBUG", "debug"],
    ["warning", "warn"],
    ["Warn", "warn"],
    ["FATAL", "error"],
    ["error", "error"],
  ])("takes the log level %s as %s", (word, logLevel) => {
    expect(parseUcpDocument({ ...sample, logLevel: word }).logLevel).toBe(logLevel)
  })

  it("keeps a silent log silent when ERROR is put back, and only then", () => {
    const silent = settings({ logLevel: "silent" })
    const put = (logLevel: string) =>
      applyUcpDocument(silent, parseUcpDocument({ ...sample, logLevel })).logLevel
    expect(put("ERROR")).toBe("silent")
    expect(put("WARN")).toBe("warn")
  })

  it("names every fault at once", () => {
    expect(
      faultsOf({ auditLevel: "all", logLevel: "LOUD", supportDumpIncludeAuditLogs: "no", more: 1 }),
    ).toEqual(["/more", "/logLevel", "/auditLevel", "/supportDumpIncludeAuditLogs"])
    expect(faultsOf({})).toEqual(["/logLevel", "/auditLevel", "/supportDumpIncludeAuditLogs"])
    expect(faultsOf({ ...sample, auditLevel: null })).toEqual(["/auditLevel"])
    expect(faultsOf({ ...sample, logLevel: "constructor" })).toEqual(["/logLevel"])
    for (const value of [[], null, "metadata", 3, undefined]) expect(faultsOf(value)).toEqual([""])
  })
})
