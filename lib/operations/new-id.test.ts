import { expect, test } from "vitest"
import { newId } from "./new-id"

test("ids of one moment are version 7 UUIDs of it, none twice", () => {
  const atMs = Date.UTC(2026, 10, 20)
  const ids = Array.from({ length: 10_000 }, () => newId(atMs))
  expect(new Set(ids).size).toBe(10_000)
  expect(
    ids.every(id => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
  ).toBe(true)
  expect(new Set(ids.map(id => Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)))).toEqual(
    new Set([atMs]),
  )
})
