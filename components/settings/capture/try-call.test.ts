import { expect, test } from "vitest"
import { decide } from "@/lib/audit/capture/decide"
import { type CapturePolicy, presets } from "@/lib/audit/capture/policy"
import { callOfText, decisionWords, faultsOfText, keptWords, type TryText } from "./try-call"

const text: TryText = {
  profile: "generic",
  method: "POST",
  path: "/secrets/create?x=1",
  headers: "Content-Type: application/json\n\n X-Time : 10:30:00 ",
  requestBody: "",
  status: "201",
  responseBody: "{}",
  app: "",
}

test("a typed call is sent with its headers as they were typed, colons in their values included", () => {
  expect(callOfText(text)).toEqual({
    profile: "generic",
    method: "POST",
    path: "/secrets/create?x=1",
    headers: [
      ["Content-Type", "application/json"],
      ["X-Time", "10:30:00"],
    ],
    requestBody: "",
    status: 201,
    responseBody: "{}",
    app: null,
  })
})

test("what is wrong with a typed call is said at its control", () => {
  expect(faultsOfText(text)).toEqual({})
  const wrong = { ...text, path: "http://a/b", status: "99", headers: "no colon" }
  expect(Object.keys(faultsOfText(wrong)).sort()).toEqual(["headers", "path", "status"])
})

const call = {
  ...{ query: null, headers: [], occurredAt: "2026-11-30T08:00:00.000000Z", requestId: null, route: null },
  ...{ app: null, ip: null, peerIp: null, state: null, status: 200, responseHeaders: [], durationMs: 1 },
  ...{
    requestBytes: 0,
    responseBytes: 0,
    requestBody: null,
    responseBody: null,
    failure: null,
    caller: null,
  },
}
const words = (policy: CapturePolicy, method: string, path: string) => {
  const decision = decide(policy, { ...call, method, path }, path)
  return [decisionWords(decision), keptWords(decision)]
}

test("every way in which a policy decides has words of its own", () => {
  const { ours } = presets
  const [secrets] = ours.rules
  expect(words({ ...ours, enabled: false }, "GET", "/a")).toEqual([
    "Recording is off: the call is only counted.",
    "Nothing is stored.",
  ])
  expect(words(ours, "HEAD", "/a")[0]).toBe("Its method is not recorded unless a rule names it.")
  expect(words(ours, "GET", "/_ping")[0]).toBe("Its path is ignored.")
  expect(words(ours, "GET", "/a")).toEqual([
    "No rule matches: the default decides.",
    "It is stored without bodies.",
  ])
  expect(words({ ...ours, default: { ...ours.default, call: false } }, "GET", "/a")[0]).toBe(
    "No rule matches, and the default does not record calls.",
  )
  expect(words(ours, "POST", "/secrets/create")[0]).toBe(`Rule 1, “${secrets?.name}”, decides.`)
  const off = { ...ours, rules: [{ name: "Off", when: { paths: ["/a"] }, then: { call: false } }] }
  expect(words(off, "GET", "/a")[0]).toBe("Rule 1, “Off”, decides. It does not record the call.")
  const all = { ...ours, default: { call: true, data: true, resultData: ["id"] } }
  expect(words(all, "GET", "/a")[1]).toBe(
    "It is stored with request data and some fields of the response data.",
  )
})
