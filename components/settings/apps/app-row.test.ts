import { expect, test } from "vitest"
import { withKeys } from "./app-row"

const app = {
  id: "a",
  slug: "door",
  name: "Door",
  builtIn: false,
  createdAt: "2026-01-01T00:00:00.000Z",
  archivedAt: null,
}
const key = { app: { id: "a" }, state: "active", lastUsedAt: null, isIdle: false } as const

test("an app shows its working keys, the idle ones among them and the latest use of any key, and nothing of other apps", () => {
  const rows = withKeys(
    [app, { ...app, id: "b" }],
    [
      { ...key, isIdle: true },
      { ...key, lastUsedAt: "2026-02-01T00:00:00.000Z" },
      { ...key, state: "revoked", lastUsedAt: "2026-03-01T00:00:00.000Z" },
      { ...key, app: { id: "c" }, lastUsedAt: "2026-04-01T00:00:00.000Z", isIdle: true },
    ],
  )
  expect(rows.map(row => [row.id, row.activeKeys, row.idleKeys, row.lastUsedAt])).toEqual([
    ["a", 2, 1, "2026-03-01T00:00:00.000Z"],
    ["b", 0, 0, null],
  ])
})
