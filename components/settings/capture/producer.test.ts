import { expect, test } from "vitest"
import { lossWords, type Producer, stateOf } from "./producer"

const now = new Date("2026-11-30T12:00:00Z")
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString()
const producer: Producer = {
  app: { slug: "hub", name: "Hub" },
  instance: "0198c1f2",
  kind: "express",
  version: "0.1.0",
  profile: null,
  host: "web-1",
  policyVersion: 3,
  dropped: 0,
  droppedAt: null,
  firstSeenAt: "2026-11-30T08:00:00.000Z",
  lastSeenAt: ago(1),
}

test("losses count more than silence, and silence more than an earlier policy", () => {
  expect(stateOf(producer, 3, now).words).toBe("Current")
  expect(stateOf({ ...producer, policyVersion: 2 }, 3, now).words).toBe("Earlier policy")
  expect(stateOf({ ...producer, policyVersion: null }, 3, now).words).toBe("No policy yet")
  const silent = { ...producer, policyVersion: 2, lastSeenAt: ago(10) }
  expect(stateOf(silent, 3, now).words).toBe("Silent")
  expect(stateOf({ ...silent, dropped: 1, droppedAt: ago(60) }, 3, now).words).toBe("Losing calls")
  expect(stateOf({ ...producer, dropped: 1, droppedAt: ago(25 * 60) }, 3, now).words).toBe("Current")
})

test("the banner names the apps that lost calls within a day, and is absent otherwise", () => {
  const lost = (name: string) => ({ ...producer, app: { slug: name, name }, dropped: 1, droppedAt: ago(5) })
  expect(lossWords({ instances: 0, dropped: 0 }, [producer], now)).toBe(null)
  expect(lossWords({ instances: 1, dropped: 1 }, [producer, lost("Hub")], now)).toBe(
    "1 producer of Hub could not record 1 call.",
  )
  expect(lossWords({ instances: 4, dropped: 4000 }, ["A", "B", "C", "D"].map(lost), now)).toBe(
    "4 producers of A, B, C and others could not record 4,000 calls.",
  )
  // More than are listed.
  expect(lossWords({ instances: 2, dropped: 9 }, [producer], now)).toBe(
    "2 producers could not record 9 calls.",
  )
})
