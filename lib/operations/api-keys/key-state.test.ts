import { describe, expect, test } from "vitest"
import { type KeyInLine, type KeyState, stateOf, successorsOf } from "./key-state"

const at = new Date("2026-01-31T12:00:00Z")
const before = new Date("2026-01-31T11:00:00Z")

const ends = {
  active: { expiresAt: null, revokedAt: null },
  expired: { expiresAt: at, revokedAt: null },
  revoked: { expiresAt: before, revokedAt: before },
} satisfies Readonly<Record<KeyState, unknown>>

const key = (id: string, replacesId: string | null, state: KeyState): KeyInLine => ({
  ...{ id, replacesId },
  ...ends[state],
})

test.each(["active", "expired", "revoked"] as const)("a key that is %s is said to be", state => {
  expect(stateOf(key("1", null, state), at)).toBe(state)
})

describe("the place of a key", () => {
  test.each([
    ["works", [key("2", "1", "active")], "2"],
    ["was revoked", [key("2", "1", "revoked")], undefined],
    ["has expired", [key("2", "1", "expired")], undefined],
    ["has expired, beside another that works", [key("2", "1", "expired"), key("3", "1", "active")], "3"],
    ["has ended before its own, which works", [key("2", "1", "expired"), key("3", "2", "active")], "3"],
    ["works, as its own does", [key("2", "1", "active"), key("3", "2", "active")], "2"],
    ["has ended like its own", [key("2", "1", "revoked"), key("3", "2", "expired")], undefined],
    ["is that of another key", [key("2", "0", "active")], undefined],
  ] as const)("whose successor %s is taken by none but an active key", (_, others, id) => {
    const first = key("1", null, "active")
    expect(successorsOf([first, ...others], at).get("1")?.id).toBe(id)
    expect(successorsOf([...others, first].reverse(), at).get("1")?.id).toBe(id)
  })
})
