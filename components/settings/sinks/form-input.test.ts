import { expect, test } from "vitest"
import { kind, sink } from "./fixtures/sink"
import { beginFrom, draftFrom, faultsOf, inputNames } from "./form-input"
import { withoutDraft } from "./test-faults"

function form(values: Readonly<Record<string, string | readonly string[]>>): FormData {
  const data = new FormData()
  for (const [name, value] of Object.entries(values)) {
    for (const each of typeof value === "string" ? [value] : value) data.append(name, each)
  }
  return data
}

test("settings are sent in the types that the kind declares, and what is empty is left to the kind", () => {
  const data = form({
    name: "  Operations ",
    "settings/url": " https://splunk.example.com ",
    "settings/index": "",
    "settings/batch": "250",
    "settings/gzip": "on",
    "settings/suffix": "monthly",
    query: "?status=denied&window=7d",
    format: "clearml",
    omit: ["metadata", "changes"],
  })
  expect(draftFrom(data, kind, null)).toEqual({
    name: "Operations",
    kind: "splunk",
    settings: { url: "https://splunk.example.com", batch: 250, gzip: true, suffix: "monthly" },
    credentials: {},
    query: "status=denied",
    format: "clearml",
    redactIdentity: false,
    omit: ["metadata", "changes"],
  })
})

test("a change keeps the settings that have no input, and turns off a switch that is off", () => {
  const { settings } = draftFrom(form({ "settings/url": "https://other.example.com" }), kind, sink)
  expect(settings).toEqual({ url: "https://other.example.com", gzip: false, hidden: ["kept"] })
})

test("an empty credential stays as it is, a typed one is sent exactly as typed, and one is deleted on request only", () => {
  const credentials = (values: Record<string, string>) => draftFrom(form(values), kind, sink).credentials
  expect(credentials({ "credentials/token": "", "credentials/second": "" })).toEqual({})
  expect(credentials({ "credentials/token": " a b " })).toEqual({ token: " a b " })
  expect(credentials({ "delete-credentials/second": "on" })).toEqual({ second: null })
  expect(credentials({ "credentials/second": "new", "delete-credentials/second": "on" })).toEqual({
    second: "new",
  })
})

test("a number that is none, and a time that cannot be read, are named beside their inputs", () => {
  expect(faultsOf(form({ "settings/batch": "many" }), kind, "UTC")["settings/batch"]).toBe("Write a number.")
  expect(faultsOf(form({ "settings/batch": "1e3" }), kind, "UTC")["settings/batch"]).toBe("Write a number.")
  expect(faultsOf(form({ "settings/batch": "" }), kind, "UTC")["settings/batch"]).toBeUndefined()
  const begin = (beginTime: string) => faultsOf(form({ begin: "time", beginTime }), kind, "UTC").begin
  expect(begin("yesterday")).toMatch(/^Write /)
  expect(begin("2026-03-31 14:05")).toBeUndefined()
})

test("a sink begins now, at the beginning, or at a time on the clocks of the reader", () => {
  expect(beginFrom(form({}), "UTC")).toEqual({ at: "now" })
  expect(beginFrom(form({ begin: "beginning" }), "UTC")).toEqual({ at: "beginning" })
  expect(beginFrom(form({ begin: "time", beginTime: "2026-07-01 09:00" }), "Europe/Berlin")).toEqual({
    at: "time",
    time: "2026-07-01T07:00:00.000000Z",
  })
  expect(() => beginFrom(form({ begin: "time", beginTime: "never" }), "UTC")).toThrow("was not checked")
})

test("a fault of a test send has the input of the form that it is about", async () => {
  const refused = withoutDraft(async () => ({
    ok: false as const,
    code: "invalid" as const,
    message: "Not acceptable.",
    faults: ["/draft/settings/url", "/draft", "/id"].map(pointer => ({ pointer, message: "Wrong." })),
    retryAfterSeconds: undefined,
  }))
  const result = await refused({})
  const pointers = result.ok ? [] : result.faults.map(({ pointer }) => pointer)
  expect(pointers).toEqual(["/settings/url", "/draft", "/id"])
  expect(inputNames(kind)).toContain("settings/url")
})
