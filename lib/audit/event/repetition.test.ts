import { Buffer } from "node:buffer"
import { describe, expect, test } from "vitest"
import type { JsonObject } from "@/lib/audit/json/value"
import { assertInstant } from "@/lib/audit/time/instant"
import { completeContent } from "./complete"
import type { EventContent, PreparedEvent } from "./event"
import { parseEvent } from "./parse"
import { isRepetition, type StoredEvent } from "./repetition"

const receivedAt = assertInstant("2025-10-21T09:49:09.000001Z")
const sent: JsonObject = {
  id: "919108f7-52d1-4320-9bac-f847db4148a8",
  operation: "workflow.delete",
  actor: { type: "user", id: "p-1" },
  status: "success",
  source: { ip: "203.0.113.7:443", peerIp: "fe80::1" },
  occurredAt: "2025-10-21 09:49:08",
}

function prepare(members: JsonObject = {}, appId = "a"): PreparedEvent {
  const parsed = parseEvent({ ...sent, ...members }, { organizationId: "o", appId, newId: () => "new" })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  return parsed.prepared
}

/** What an earlier server made of the same input: with another catalogue, other parsers, another reading of the time. */
function storedEarlier(members: JsonObject = {}, made: Partial<EventContent> = {}): StoredEvent {
  const prepared = prepare(members)
  return { content: { ...completeContent(prepared.content, receivedAt), ...made }, raw: prepared.raw }
}

const base64 = (text: string) => Buffer.from(text).toString("base64")
const imported = (text: string, members: JsonObject = {}): JsonObject => ({
  ...{ sourceId: "row-1", rawFormat: "clearml", raw: base64(text) },
  ...members,
})

describe("an event is its own repetition", () => {
  test.each<[string, Partial<EventContent>]>([
    ["description", { description: "Somebody removed a workflow" }],
    ["family and code", { family: "flows", operationCode: 7 }],
    ["address", { source: { ip: null, ipText: "203.0.113.7:443", peerIp: "fe80:0:0:0:0:0:0:1" } }],
    ["instant", { occurredAt: assertInstant("2025-10-21T07:49:08.000000Z"), occurredAtAssumed: "none" }],
    ["app and time of receipt", { appId: "b", receivedAt: assertInstant("2026-01-01T00:00:00.000000Z") }],
  ])("whatever the server made of its %s", (_, made) => {
    expect(isRepetition(prepare(), storedEarlier({}, made))).toBe(true)
  })

  test("when it states the time of receipt that the first one was given", () => {
    const first = storedEarlier({ occurredAt: null })
    expect(first.content.occurredAtAssumed).toBe("received")
    expect(isRepetition(prepare({ occurredAt: receivedAt }), first)).toBe(true)
    expect(isRepetition(prepare({ occurredAt: null }), first)).toBe(true)
  })

  test("when an importer reads the same bytes otherwise today", () => {
    const original = '{"call_id": "row-1", "b": [1, "x y"]}'
    const first = storedEarlier(imported(original))
    const today = imported(original, { status: "denied", targets: [{ type: "t", id: "1" }] })
    expect(isRepetition(prepare(today), first)).toBe(true)
  })

  test("when the source's own key names the same JSON, spaced otherwise", () => {
    const first = storedEarlier(imported('{"a": 1, "b": ["x y"]}', { status: "denied" }))
    expect(isRepetition(prepare(imported('{"a":1,\n"b":["x y"]}')), first)).toBe(true)
    const lossy = storedEarlier(imported('{"a": 12345678901234567890, "a": 2}', { status: "denied" }))
    expect(isRepetition(prepare(imported('{"a":12345678901234567890,"a":2}')), lossy)).toBe(true)
  })
})

describe("another event under the same id is none", () => {
  test.each<[string, JsonObject]>([
    ["a description of its own", { description: "Something else" }],
    ["a family of its own", { family: "other" }],
    ["a code of its own", { operationCode: 1 }],
    ["another operation", { operation: "workflow.create" }],
    ["another status", { status: "failure" }],
    ["another origin", { source: { ip: "203.0.113.7:444", peerIp: "fe80::1" } }],
    ["another peer", { source: { ip: "203.0.113.7:443", peerIp: "fe80::2" } }],
    ["no origin", { source: null }],
    ["another time", { occurredAt: "2025-10-21 09:49:07" }],
    ["another spelling of its time", { occurredAt: "2025-10-21T09:49:08Z" }],
    ["no time", { occurredAt: null }],
    ["one target more", { targets: [{ type: "t", id: "1" }] }],
    ["one fact more", { metadata: { a: null } }],
    ["an original", imported("{}")],
  ])("%s", (_, members) => {
    expect(isRepetition(prepare(members), storedEarlier())).toBe(false)
  })

  test.each<[string, string, JsonObject]>([
    ["one character of the original is another", '{"a": 2}', {}],
    [
      "the original is spaced otherwise and no key of the source vouches for it",
      '{"a":1}',
      { sourceId: null },
    ],
    ["the key of the source is another", '{"a":1}', { sourceId: "row-2" }],
    ["a number has other digits", '{"a": 12345678901234567891}', {}],
    ["the original is of another format", '{"a": 1}', { rawFormat: "clarifai" }],
    ["a key stands twice", '{"a": 2, "a": 1}', {}],
    ["the original is not JSON any more", '{"a": 1', {}],
  ])("when %s", (_, text, members) => {
    const first = storedEarlier(
      imported('{"a": 1}', { sourceId: members.sourceId === null ? null : "row-1" }),
    )
    expect(isRepetition(prepare(imported(text, { status: "denied", ...members })), first)).toBe(false)
  })

  test("when an importer states another instant for the same spelling", () => {
    const time = (occurredAt: string) =>
      prepare({
        ...{ rawFormat: "x", rawWithheld: "y" },
        occurredAt,
        occurredAtText: "2025-10-21",
        occurredAtAssumed: "time",
      })
    const first = {
      content: completeContent(time("2025-10-21T00:00:00.000000Z").content, receivedAt),
      raw: null,
    }
    expect(isRepetition(time("2025-10-21T00:00:00Z"), first)).toBe(true)
    expect(isRepetition(time("2025-10-22T00:00:00Z"), first)).toBe(false)
  })
})
