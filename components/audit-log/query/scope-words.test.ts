import { describe, expect, it } from "vitest"
import { describeScope } from "./scope-words"

const named = (...names: readonly string[]) => names.map(name => ({ name }))

describe("a reader is told", () => {
  it("nothing when they see everything", () => {
    expect(describeScope({ everyApp: true, ownOnly: false, apps: named("A", "B") })).toBeNull()
  })

  it("that they see only what they did, or only some apps, or both", () => {
    expect(describeScope({ everyApp: true, ownOnly: true, apps: named("A") })).toBe(
      "You see your own actions only.",
    )
    expect(describeScope({ everyApp: false, ownOnly: false, apps: named("Billing") })).toBe(
      "You see the events of 1 app: Billing.",
    )
    expect(describeScope({ everyApp: false, ownOnly: true, apps: named("A", "B") })).toBe(
      "You see your own actions in 2 apps only: A, B.",
    )
  })

  it("of many apps the first and how many more", () => {
    expect(describeScope({ everyApp: false, ownOnly: false, apps: named(..."ABCDEFG") })).toBe(
      "You see the events of 7 apps: A, B, C, D, E and 2 more.",
    )
  })
})
