import { describe, expect, test } from "vitest"
import { formatWait } from "./form-failure"
import { proving, sortFaults } from "./use-submit"

const refused = (faults: readonly { pointer: string; message: string }[]) =>
  ({
    ok: false,
    code: "invalid",
    message: "Not acceptable as sent.",
    faults,
    retryAfterSeconds: undefined,
  }) as const

test("faults land beside their fields, several of one field together", () => {
  const failure = sortFaults(
    refused([
      { pointer: "/name", message: "Give a name." },
      { pointer: "/scopes/0", message: "You cannot give LOG-MANAGEMENT." },
      { pointer: "/scopes/1", message: "You cannot give LOG-EXPORT." },
    ]),
    ["name", "scopes"],
  )
  expect(failure.byField).toEqual({
    name: "Give a name.",
    scopes: "You cannot give LOG-MANAGEMENT. You cannot give LOG-EXPORT.",
  })
  expect(failure.message).toBeNull()
})

test("a fault without a field of its own is said for the form, never lost", () => {
  const useless = {
    ...refused([{ pointer: "/token", message: "Ask for a new one." }]),
    message: "It is too old.",
  }
  expect(sortFaults(useless, ["name"])).toMatchObject({
    byField: {},
    message: "It is too old. Ask for a new one.",
  })
})

test("what is not acceptable is said in the words of its faults, without a pointer and each once", () => {
  const gone = "There is no such member any more."
  const faults = [
    { pointer: "/personIds/0", message: gone },
    { pointer: "/personIds/3", message: gone },
  ]
  const message = "Not acceptable as sent. /personIds/0: There is no such member any more."
  expect(sortFaults({ ...refused(faults), message }, []).message).toBe(gone)
  expect(sortFaults({ ...refused(faults), message }, ["personIds"]).byField).toEqual({ personIds: gone })
})

test("a conflict keeps the words of its own, and repeats none of them", () => {
  const message = "Ada is a collaborator of Doors already."
  const twice = { ...refused([{ pointer: "/personId", message }]), code: "conflict", message } as const
  expect(sortFaults(twice, []).message).toBe(message)
  const taken = { ...refused([{ pointer: "/slug", message: "Choose another." }]), code: "conflict" } as const
  expect(sortFaults({ ...taken, message: "It is taken." }, []).message).toBe("It is taken. Choose another.")
})

test("a refusal without faults keeps its message and its wait", () => {
  const failure = sortFaults({ ...refused([]), code: "rate-limited", retryAfterSeconds: 90 }, ["name"])
  expect(failure).toEqual({ message: "Not acceptable as sent.", byField: {}, retryAfterSeconds: 90 })
})

test.each([
  [9, "9 s"],
  [59, "59 s"],
  [60, "1:00 min"],
  [125, "2:05 min"],
])("a wait of %i s reads %s", (seconds, text) => {
  expect(formatWait(seconds)).toBe(text)
})

describe("an act that asks for a fresh proof", () => {
  const needed = { ...refused([]), code: "proof-required" } as const
  const done = { ok: true, value: "done" } as const

  test("is sent again with the same input when the proof was given", async () => {
    const sent: unknown[] = []
    const act = async (input: { readonly name: string }) => (sent.push(input) === 1 ? needed : done)
    expect(await proving(act, async () => true)({ name: "Typed once" })).toEqual(done)
    expect(sent).toEqual([{ name: "Typed once" }, { name: "Typed once" }])
  })

  test("is not sent again when the proof was not given, and says why", async () => {
    const sent: unknown[] = []
    const act = async (input: object) => {
      sent.push(input)
      return needed
    }
    expect(await proving(act, async () => false)({})).toEqual(needed)
    expect(sent).toHaveLength(1)
  })
})
