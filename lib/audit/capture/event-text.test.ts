import { Buffer } from "node:buffer"
import { expect, test } from "vitest"
import type { Call } from "./call"
import { withCaller } from "./caller"
import { decide } from "./decide"
import { eventOf, eventTextOf } from "./event"
import { numbersOf } from "./fixtures/credentials"
import { randomText } from "./fixtures/random-events"
import { createOperationNames } from "./operations"
import { profileNamed } from "./profiles/registry"
import { call, everything } from "./testing/calls"

const id = "0198c1f2-6f0e-7cc3-9f6e-3b8d7a1c2e4f"

function bothOf(made: Call, profileName: string) {
  const profile = profileNamed(profileName)
  if (profile === null) throw new Error(`There is no profile ${profileName}.`)
  const known = withCaller(made, profile)
  const decision = decide(everything, known, profile.endpointOf(known).endpoint)
  const captured = {
    policy: everything,
    policyVersion: 3,
    decision,
    profile,
    operations: createOperationNames(),
  }
  return {
    event: JSON.parse(JSON.stringify(eventOf({ ...captured, call: known }))),
    text: JSON.parse(eventTextOf({ ...captured, call: known }, id)),
  }
}

const json = (value: unknown) => {
  const bytes = Buffer.from(JSON.stringify(value))
  return {
    requestBody: {
      mediaType: "application/json",
      contentEncoding: null,
      bytes,
      totalBytes: bytes.length,
      isEnded: true,
    },
  }
}

test.each<[string, Partial<Call>]>([
  ["holds nothing to hide", { path: "/invoices/42", headers: [["user-agent", "curl/8.5.0"]] }],
  ["has a secret in its path", { path: `/hooks/ghp_${"a1B2".repeat(9)}` }],
  ["has a secret in a header that is kept", { headers: [["user-agent", `x Bearer 7${"a1B2".repeat(9)}`]] }],
  ["has a secret name in its body", { method: "POST", ...json({ user: "ada", password: "hunter2" }) }],
  ["has texts that are too long", { path: `/${"x".repeat(3_000)}`, requestId: "r".repeat(600) }],
  [
    "was made by somebody whose name is too long",
    { caller: { type: "user", id: "i".repeat(600), name: "n".repeat(300) } },
  ],
])("a call that %s is written as it is made into an event, with its id", (_, more) => {
  const { event, text } = bothOf(call("POST /invoices/42", more), "generic")
  expect(text).toEqual({ ...event, id })
})

test("so is any other call", () => {
  const next = numbersOf(41)
  const profiles = ["generic", "clearml", "docker", "kubernetes"]
  for (let run = 0; run < 1_000; run += 1) {
    const made = call("POST /", {
      path: `/${randomText(next)}`,
      query: next() < 0.5 ? randomText(next) : null,
      headers: [["user-agent", randomText(next)]],
      ...(next() < 0.5 ? json({ [randomText(next)]: randomText(next) }) : {}),
    })
    const { event, text } = bothOf(made, profiles[run % profiles.length] ?? "generic")
    expect(text).toEqual({ ...event, id })
  }
})
