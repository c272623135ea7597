import { describe, expect, test } from "vitest"
import type { JsonObject } from "@/lib/audit/json/value"
import { AppError } from "@/lib/errors"
import { RecordIds } from "@/lib/formats/format"
import { mapped } from "./mapped"
import type { EventMapping, ForeignMapping } from "./mapping"
import { ForeignRecord } from "./record"
import { always, httpOutcome, like, matching, named, number, rule, text, without, word } from "./rules"
import { fill } from "./slots"

const appId = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"

describe("a path", () => {
  const record = new ForeignRecord({
    annotations: { "authorization.k8s.io/decision": "forbid" },
    "event.action": "login",
    event: { action: "other", id: 7, none: null, empty: "" },
    ips: ["203.0.113.7", "10.0.0.1"],
    own: { toString: 1, constructor: "c" },
  })

  test("finds keys with dots in them without escaping, the longest first", () => {
    expect(record.at("annotations.authorization.k8s.io/decision")).toBe("forbid")
    expect(record.at("event.action")).toBe("login")
    expect(record.at("event.id")).toBe(7)
  })

  test("says nothing for null, an empty text, and what only every object has; an element is named by its number", () => {
    expect(
      ["event.none", "event.empty", "toString", "event.constructor", "ips.7", "ips.length"].map(path =>
        record.at(path),
      ),
    ).toEqual([undefined, undefined, undefined, undefined, undefined, undefined])
    expect(record.at("ips.1")).toBe("10.0.0.1")
    expect(record.raw("event.none")).toBeNull()
    expect(record.raw("event.gone")).toBeUndefined()
  })

  test("finds members that a writer spells in lower case or in camelCase, and parts that are JSON texts", () => {
    const lower = new ForeignRecord(
      { useridentity: '{"username":"ada"}' },
      { spelling: "lower case", texts: ["userIdentity"] },
    )
    expect(lower.at("userIdentity.userName")).toBe("ada")
    expect(new ForeignRecord({ sourceIp: "x" }, { spelling: "camelCase" }).at("source_ip")).toBe("x")
    expect(new ForeignRecord({ part: "{no json" }, { texts: ["part"] }).at("part")).toBe("{no json")
  })
})

describe("a slot", () => {
  const record = new ForeignRecord({
    space: "default",
    name: "web",
    code: "403",
    mail: "ada@example.com",
    own: { toString: 1 },
  })
  const said = (slot: Parameters<typeof fill>[0]) => fill(slot, record, value => value)

  test("is the first of several that says something that can be taken", () => {
    expect(said(["gone", "own.gone", "name"])).toBe("web")
    expect(fill(["own", "name"], record, value => (typeof value === "string" ? value : undefined))).toBe(
      "web",
    )
  })

  test("is a text of paths: without a part that may be missing its separator goes, without another all goes", () => {
    expect(said("{space?}/{name}")).toBe("default/web")
    expect(said("{gone?}/{name}")).toBe("web")
    expect(said("{space?}/{gone}")).toBeUndefined()
    expect(said("{own}/{name}")).toBeUndefined()
  })

  test("is what a rule works out, which never makes a text of an object", () => {
    expect(said(always("x"))).toBe("x")
    expect(said(text("name", 2))).toBe("w…")
    expect(said(text("own", 9))).toBeUndefined()
    expect(said(word("name", { WEB: "found" }))).toBe("found")
    expect(said(word("own", { "[object Object]": "found" }))).toBeUndefined()
    expect(said(word("name", {}))).toBeUndefined()
    expect(said(like("own", /./, "matches"))).toBeUndefined()
    expect(said(matching("mail", /@/))).toBe("ada@example.com")
    expect(said(without("gone", "name"))).toBe("web")
    expect(said(without("space", "name"))).toBeUndefined()
    expect(said(number("code"))).toBe(403)
    expect(said(number("name"))).toBeUndefined()
    expect(
      ["200", "302", "401", "403", "404", "500", "99", "700"].map(code =>
        httpOutcome("c")(new ForeignRecord({ c: code })),
      ),
    ).toEqual(["success", "success", "denied", "denied", "failure", "failure", undefined, undefined])
    expect(named("a.b", "c")).toEqual({ b: "a.b", c: "c" })
    expect(rule(["a", "{b}/{c?}"], () => null).paths).toEqual(["a", "b", "c"])
  })
})

const event: EventMapping = {
  occurredAt: [{ from: "at" }],
  operation: "what",
  actor: [{ type: always("user"), id: "who" }],
  targets: [{ each: "things", type: always("thing"), id: "id", attributes: named("notes") }],
  details: "notes",
  status: word("result", { ok: "success" }),
  metadata: named("first", "second"),
}

const facts: ForeignMapping = {
  ...{ name: "probe", title: "Probe", documentation: "https://example.com", recognises: [{ what: "text" }] },
  ...{ records: [{ what: "text" }], fault: "is no record of the probe", key: "id", event },
  fills: { who: 0, what: 0, when: 0, where: 0, target: 0, outcome: 0 },
}

function eventOf(record: JsonObject) {
  const [told] = mapped(facts).read(JSON.stringify(record), { ids: new RecordIds(appId, "probe") })
  return JSON.parse(told?.event ?? "null")
}

describe("an event made by a mapping", () => {
  test("has its members in the order in which the mapping names them", () => {
    const members = Object.keys(eventOf({ id: "k", what: "a.b", who: "ada", at: "2025-01-01T00:00:00Z" }))
    expect(members).toEqual([
      "id",
      "sourceId",
      "occurredAt",
      "operation",
      "actor",
      "targets",
      "details",
      "status",
      "metadata",
      "rawFormat",
      "raw",
    ])
  })

  test("has no kind of actor, and no outcome, that the API does not know", () => {
    const [told] = mapped({
      ...facts,
      event: { ...event, actor: [{ type: "kind", id: "who" }], status: "result" },
    }).read('{"what":"a.b","who":"ada","kind":"robot","result":"great"}', {
      ids: new RecordIds(appId, "probe"),
    })
    expect(JSON.parse(told?.event ?? "null")).toMatchObject({
      actor: { type: "user", id: "ada" },
      status: "unknown",
    })
  })

  test("leaves out of metadata only the members that would make it too large", () => {
    const { metadata } = eventOf({ what: "a.b", first: ["x".repeat(40_000)], second: ["kept"] })
    expect(metadata).toEqual({ second: ["kept"] })
  })

  test("is no larger than the API takes: metadata goes first, then attributes of targets, then most details", () => {
    const notes = Array.from({ length: 64 }, () => "語".repeat(1900))
    const things = Array.from({ length: 20 }, (_, at) => ({ id: `t${at}`, notes: "語".repeat(2500) }))
    const large = eventOf({ what: "a.b", who: "ada", notes, things, first: "x".repeat(9000) })
    expect(large.metadata).toBeUndefined()
    expect(large.targets).toHaveLength(20)
    expect(large.targets[0]).toEqual({ type: "thing", id: "t0" })
    expect(large.details).toHaveLength(8)
    const fair = eventOf({ what: "a.b", who: "ada", notes, things: [], first: "x" })
    expect([fair.metadata, fair.details.length]).toEqual([undefined, 8])
  })
})

test("a format may be read in another way than JSON: here lines of key=value", () => {
  const parse = (line: string) => {
    const pairs = [...line.matchAll(/(\w+)=(\S+)/g)]
    if (pairs.length === 0) throw new AppError("malformed", "No key=value.")
    return Object.fromEntries(pairs.map(([, key = "", value = ""]) => [key, value]))
  }
  const lines = mapped({
    ...facts,
    reader: {
      parse,
      candidates: value => [value],
      pieces: text => text.split("\n").map(raw => ({ raw })),
      lists: [],
    },
  })
  expect(lines.recognises(parse("what=a.b who=ada"))).toBe(true)
  const told = [
    ...lines.read("what=door.open who=ada result=ok\nwho=eve", { ids: new RecordIds(appId, "probe") }),
  ]
  expect(told.map(({ position, event: made }) => [position, JSON.parse(made ?? "null")])).toMatchObject([
    ["record 1", { operation: "door.open", actor: { type: "user", id: "ada" }, status: "success" }],
    ["record 2", null],
  ])
})
