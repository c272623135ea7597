import { Buffer } from "node:buffer"
import { randomBytes } from "node:crypto"
import { expect, test } from "vitest"
import type { JsonObject } from "@/lib/audit/json/value"
import { hashRaw, sealEvent } from "@/lib/audit/seal"
import { assertInstant } from "@/lib/audit/time/instant"
import { completeContent, isAheadOfReceipt, type StoredSeal, sameEvent } from "./complete"
import type { PreparedEvent } from "./event"
import { parseEvent } from "./parse"

const receivedAt = assertInstant("2025-10-21T09:49:09.000001Z")
const sent: JsonObject = {
  id: "919108f7-52d1-4320-9bac-f847db4148a8",
  operation: "invoice.approve",
  actor: { type: "user", id: "p-1", attributes: { a: 1, b: 2 } },
  status: "success",
}

function prepare(input: JsonObject): PreparedEvent {
  const parsed = parseEvent(input, { organizationId: "o", appId: "a", newId: () => "new" })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  return parsed.prepared
}

function store(prepared: PreparedEvent): StoredSeal {
  const salt = randomBytes(16)
  const { leafHash } = sealEvent(completeContent(prepared.content, receivedAt), hashRaw(prepared.raw), salt)
  return { receivedAt, salt, leafHash }
}

test("an event without a time occurred when it was received; a stated time stays", () => {
  expect(completeContent(prepare(sent).content, receivedAt)).toMatchObject({
    receivedAt,
    occurredAt: receivedAt,
  })
  const stated = prepare({ ...sent, occurredAt: "2020-01-01T00:00:00Z" })
  expect(completeContent(stated.content, receivedAt)).toMatchObject({
    receivedAt,
    occurredAt: "2020-01-01T00:00:00.000000Z",
  })
})

test("the same input again is the same event, with and without a time, in any order of keys", () => {
  expect(sameEvent(prepare(sent), store(prepare(sent)))).toBe(true)
  const timed = { ...sent, occurredAt: "2020-01-01T00:00:00Z" }
  expect(sameEvent(prepare(timed), store(prepare(timed)))).toBe(true)
  const turned: JsonObject = {
    status: "success",
    ...sent,
    actor: { attributes: { b: 2, a: 1 }, id: "p-1", type: "user" },
  }
  expect(sameEvent(prepare(turned), store(prepare(sent)))).toBe(true)
})

test("any other input is another event", () => {
  const stored = store(prepare(sent))
  expect(sameEvent(prepare({ ...sent, status: "failure" }), stored)).toBe(false)
  expect(sameEvent(prepare({ ...sent, metadata: { a: 1 } }), stored)).toBe(false)
  expect(sameEvent(prepare({ ...sent, occurredAt: receivedAt }), stored)).toBe(false)
  const withRaw = (text: string) =>
    prepare({ ...sent, rawFormat: "x", raw: Buffer.from(text).toString("base64") })
  expect(sameEvent(withRaw("b"), store(withRaw("a")))).toBe(false)
  expect(sameEvent(withRaw("a"), store(withRaw("a")))).toBe(true)
})

test("a time more than a day after receipt is flagged, a day itself is not", () => {
  const at = (text: string) => isAheadOfReceipt({ receivedAt, occurredAt: assertInstant(text) })
  expect(at("2025-10-22T09:49:09.000001Z")).toBe(false)
  expect(at("2025-10-22T09:49:09.000002Z")).toBe(true)
  expect(at("2020-01-01T00:00:00.000000Z")).toBe(false)
})
