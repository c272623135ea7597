import { describe, expect, it } from "vitest"
import type { StorePage } from "@/lib/audit/store"
import { assertInstant } from "@/lib/audit/time/instant"
import { AppError } from "@/lib/errors"
import {
  type Continuation,
  continuationAfter,
  continueSelection,
  cursorBound,
  readCursor,
  signCursor,
} from "./cursor"
import { parseQuery } from "./parse"
import { type AuditQuery, withOrder, withText, withValue } from "./query"
import { equalTo } from "./value"

const key = new Uint8Array(32).fill(7)
const organizationId = "018f3a00-0000-7000-8000-000000000001"
const scope = { organizationId, appIds: null, actorId: null }
const now = assertInstant("2025-11-20T09:30:00.000000Z")

function ask(text: string) {
  const parsed = parseQuery(new URLSearchParams(text), { now })
  if (!parsed.ok) throw new Error("the query is good")
  return parsed
}

const { query, selection } = ask("actor=a&text=key")
const bound = cursorBound(scope, query)
const continuation: Continuation = {
  position: { occurredAt: now, id: "ffffffff-1234-7abc-8def-0123456789ab", index: Number.MAX_SAFE_INTEGER },
  window: {
    from: assertInstant("1970-01-01T00:00:00.000000Z"),
    before: assertInstant("2199-12-31T23:59:59.999999Z"),
  },
  asOf: 12,
}

function refused(read: () => unknown): void {
  let error: unknown
  try {
    read()
  } catch (thrown) {
    error = thrown
  }
  expect(error).toBeInstanceOf(AppError)
  expect(error).toMatchObject({ code: "invalid", faults: [{ pointer: "/cursor" }] })
}

describe("a cursor", () => {
  it("gives back what was signed, to the microsecond", () => {
    expect(readCursor(signCursor(continuation, bound, key), bound, key)).toEqual(continuation)
    const open = { ...continuation, asOf: null }
    expect(readCursor(signCursor(open, bound, key), bound, key)).toEqual(open)
  })

  it("of another page size is the same query's", () => {
    const cursor = signCursor(continuation, bound, key)
    const larger: AuditQuery = { ...query, limit: 100, cursor }
    expect(readCursor(cursor, cursorBound(scope, larger), key)).toEqual(continuation)
  })

  it("of another query is refused", () => {
    const cursor = signCursor(continuation, bound, key)
    const others: AuditQuery[] = [
      withText(query, "keys"),
      withText(query, null),
      withOrder(query, "oldest"),
      withValue(query, "actor", equalTo("b"), "include"),
      withValue(query, "actor", equalTo("a"), "exclude"),
      { ...query, zone: "Europe/Berlin" },
      { ...query, excludeToday: true },
      { ...query, asOf: 12 },
      { ...query, window: { kind: "preset", preset: "7d" } },
    ]
    for (const other of others) refused(() => readCursor(cursor, cursorBound(scope, other), key))
  })

  it("of another organization or a wider sight is refused", () => {
    const cursor = signCursor(continuation, cursorBound({ ...scope, appIds: ["b", "a"] }, query), key)
    expect(readCursor(cursor, cursorBound({ ...scope, appIds: ["a", "b"] }, query), key)).toEqual(
      continuation,
    )
    const others = [
      scope,
      { ...scope, appIds: [] },
      { ...scope, appIds: ["a"] },
      { ...scope, appIds: ["a", "b"], actorId: "a" },
      { ...scope, organizationId: "018f3a00-0000-7000-8000-000000000002", appIds: ["a", "b"] },
    ]
    for (const other of others) refused(() => readCursor(cursor, cursorBound(other, query), key))
  })

  it("with any changed character is refused", () => {
    const cursor = signCursor(continuation, bound, key)
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for (let at = 0; at < cursor.length; at += 1) {
      // The last character holds bits that are not decoded: every other letter must be rejected there too.
      const letters = at === cursor.length - 1 ? alphabet : "AZ-_"
      for (const letter of letters) {
        if (letter === cursor[at]) continue
        refused(() => readCursor(cursor.slice(0, at) + letter + cursor.slice(at + 1), bound, key))
      }
    }
  })

  it.each(["", "A", "not a cursor", "A".repeat(98), "A".repeat(1_000)])("that is %j is refused", text => {
    refused(() => readCursor(text, bound, key))
  })

  it("of another key, cut or lengthened is refused", () => {
    const cursor = signCursor(continuation, bound, key)
    refused(() => readCursor(cursor, bound, new Uint8Array(32).fill(8)))
    refused(() => readCursor(cursor.slice(0, -2), bound, key))
    refused(() => readCursor(`${cursor}AA`, bound, key))
    refused(() => readCursor(`${cursor}=`, bound, key))
  })
})

describe("the page after a page", () => {
  const page: StorePage = { events: [], next: continuation.position, searchedBackTo: null, asOf: 12 }

  it("keeps the window and the size of the log of the first", () => {
    const next = continuationAfter(selection, page)
    expect(next).toEqual({ position: continuation.position, window: selection.window, asOf: 12 })
    const later = parseQuery(new URLSearchParams("actor=a&text=key"), {
      now: assertInstant("2026-01-01T00:00:00.000000Z"),
    })
    expect(next && later.ok && continueSelection(later.selection, next)).toEqual({ ...selection, asOf: 12 })
  })

  it("is none when nothing further matches", () => {
    expect(continuationAfter(selection, { ...page, next: null })).toBeNull()
  })

  it("in recorded order goes on after the last event recorded, however long that takes", () => {
    const recorded = ask("order=recorded").selection
    expect(continuationAfter(recorded, page)).toMatchObject({ position: continuation.position, asOf: null })
    expect(continuationAfter(recorded, { ...page, next: null })).toMatchObject({
      position: { index: 11 },
      asOf: null,
    })
    expect(continuationAfter(recorded, { ...page, next: null, asOf: 0 })).toBeNull()
  })

  it("in recorded order of a fixed size of the log ends with it", () => {
    const fixed = ask("order=recorded&as-of=12").selection
    expect(continuationAfter(fixed, page)?.asOf).toBe(12)
    expect(continuationAfter(fixed, { ...page, next: null })).toBeNull()
  })
})
