import { Buffer } from "node:buffer"
import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { eventLimits } from "@/lib/audit/event/limits"
import { parseEvent } from "@/lib/audit/event/parse"
import { scanJson } from "@/lib/audit/json/scan"
import { AppError } from "@/lib/errors"
import { RecordIds } from "./format"
import { formatFor } from "./formats"

const appId = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
const names = ["clarifai.json", "clearml.jsonl", "cloudtrail.json"] as const

function fixture(name: (typeof names)[number]): string {
  return readFileSync(`${import.meta.dirname}/fixtures/${name}`, "utf8")
}

/** The content and original of each record, read and parsed as the command and the API do it. */
function read(text: string, name = "auto") {
  const format = formatFor(name, text)
  const ids = new RecordIds(appId, format.name)
  return [...format.read(text, { ids })].map(({ event, position }) => {
    const { value, faults } = scanJson(event ?? "null")
    expect(faults, position).toEqual([])
    const parsed = parseEvent(value, { organizationId: "o", appId, newId: () => "made by the server" })
    if (!parsed.ok) throw new Error(`${position}: ${JSON.stringify(parsed.faults)}`)
    const { content, raw } = parsed.prepared
    return { content, raw: raw === null ? null : Buffer.from(raw).toString("utf8"), position }
  })
}

function readLines(name: (typeof names)[number]) {
  const lines = fixture(name).trimEnd().split("\n")
  const ids = new RecordIds(appId, "clearml")
  return lines.flatMap(line => [...formatFor("auto", line).read(line, { ids })])
}

function contentsOf(text: string, name = "auto") {
  return read(text, name).map(({ content }) => content)
}

describe("a Clarifai search response", () => {
  const records = read(fixture("clarifai.json"))
  const [first, second, third] = records.map(record => record.content)

  test("gives an event for each entry, with its time to the microsecond and its original bytes", () => {
    expect(records.map(record => record.position)).toEqual(["entry 1", "entry 2", "entry 3"])
    expect(first?.occurredAt).toBe("2025-03-02T08:15:30.123456Z")
    expect(JSON.parse(records[1]?.raw ?? "")).toEqual(JSON.parse(fixture("clarifai.json")).entries[1])
    expect(fixture("clarifai.json")).toContain(records[1]?.raw)
  })

  test("names the operation by the catalogue, also one that the catalogue does not have", () => {
    expect([first, second, third].map(content => [content?.operation, content?.operationCode])).toEqual([
      ["workflow_version.create", 403],
      ["model.create", 300],
      ["clarifai.event_4711", 4711],
    ])
  })

  test("says who, on what in the order sent, with which outcome, from where, in which request", () => {
    expect(first).toMatchObject({
      actor: {
        type: "user",
        id: "ada",
        name: "Ada Lovelace",
        attributes: {
          first_name: "Ada",
          last_name: "Lovelace",
          company_name: "Acme",
          visibility: { gettable: 10 },
        },
      },
      targets: [
        { type: "app", id: "vision" },
        { type: "workflow", id: "Detect" },
        { type: "workflow_version", id: "7d1f" },
      ],
      details: ["Create workflow version '7d1f' for workflow 'Detect'"],
      status: "success",
      source: { ip: "203.0.113.7" },
      requestId: "portal-1",
    })
    expect(second).toMatchObject({
      status: "failure",
      requestId: "portal-1",
      targets: [{ type: "model", id: "cats", attributes: { app_id: "vision" } }],
    })
    expect(third).toMatchObject({ status: "failure", actor: { type: "anonymous" } })
    expect(third && "source" in third).toBe(false)
  })

  test("that reports an error is that error", () => {
    const text = '{"status":{"code":11102,"description":"Invalid request"},"entries":[]}'
    expect(() => read(text)).toThrow("Clarifai answered: Invalid request (11102).")
  })

  test("without entries is an empty page", () => {
    expect(read('{"status":{"code":10000}}')).toEqual([])
    expect(read('{"status":{"code":10000},"entries":[]}')).toEqual([])
  })
})

describe("ClearML call entries", () => {
  test("carry endpoint, duration, sizes, identity, origin and result", () => {
    const [line = ""] = fixture("clearml.jsonl").split("\n")
    expect(contentsOf(line)).toMatchObject([
      {
        occurredAt: "2025-10-21T09:49:08.908000Z",
        sourceId: "c1d2",
        requestId: "c1d2",
        operation: "users.set_preferences",
        actor: { type: "user", id: "ada", name: "ada", role: "admin", attributes: { company_name: "acme" } },
        source: { ip: "203.0.113.7" },
        http: {
          route: "users.set_preferences",
          status: 200,
          durationMs: 11,
          requestBytes: 112,
          responseBytes: 332,
        },
        status: "success",
        statusCode: "200",
        statusMessage: "OK",
      },
    ])
  })

  test("may lack a zone, come from a host, and be refusals", () => {
    const [, line = ""] = fixture("clearml.jsonl").split("\n")
    expect(contentsOf(line)).toMatchObject([
      {
        occurredAt: "2025-10-21T09:49:09.100000Z",
        occurredAtAssumed: "zone",
        operation: "tasks.delete_many",
        actor: { id: "u-7", name: "grace", attributes: { company: "c-1" } },
        source: { ip: null, ipText: "ml-gateway" },
        http: { durationMs: 0.5 },
        status: "denied",
      },
    ])
  })

  test("are the same events as one object a line, and as a list", () => {
    const lines = fixture("clearml.jsonl").trimEnd().split("\n")
    const list = [
      ...formatFor("auto", `[${lines}]`).read(`[${lines}]`, { ids: new RecordIds(appId, "clearml") }),
    ]
    expect(readLines("clearml.jsonl").map(record => record.event)).toEqual(list.map(record => record.event))
  })

  test("of an endpoint without service still have a resource and a verb", () => {
    expect(contentsOf('{"call_id":"1","endpoint":"login"}')).toMatchObject([
      { operation: "call.login", status: "unknown" },
    ])
    expect(contentsOf('{"call_id":"1","endpoint":""}')).toMatchObject([{ operation: "call.unknown" }])
  })
})

describe("a CloudTrail file", () => {
  const [lens, login, assume, create, throttled] = contentsOf(fixture("cloudtrail.json"))

  test("names operations by service and event", () => {
    const operations = [lens, login, assume, create, throttled].map(content => content?.operation)
    expect(operations).toEqual([
      "s3.get_storage_lens_configuration",
      "signin.console_login",
      "sts.assume_role",
      "iam.create_user",
      "wafv2.list_web_acls",
    ])
  })

  test("knows an assumed role, the root user, a service and a user", () => {
    expect(lens?.actor).toEqual({
      type: "service_account",
      id: "arn:aws:sts::111122223333:assumed-role/Admin/ada",
      name: "ada",
      credential: { type: "access_key", id: "ASIAEXAMPLE" },
      attributes: {
        identityType: "AssumedRole",
        accountId: "111122223333",
        recipientAccountId: "444455556666",
        roleArn: "arn:aws:iam::111122223333:role/Admin",
        mfaAuthenticated: "true",
      },
    })
    expect(login?.actor).toMatchObject({ type: "user", name: "root", id: "arn:aws:iam::111122223333:root" })
    expect(assume?.actor).toMatchObject({ type: "system", id: "ecs.amazonaws.com" })
    expect(create?.actor).toMatchObject({ type: "user", name: "grace" })
  })

  test("says the outcome: success, failure, denied", () => {
    const outcomes = [lens, login, assume, create, throttled].map(content => [
      content?.status,
      content?.statusCode,
    ])
    expect(outcomes).toEqual([
      ["success", undefined],
      ["failure", undefined],
      ["success", undefined],
      ["denied", "AccessDenied"],
      ["failure", "ThrottlingException"],
    ])
  })

  test("keeps an origin that is a host", () => {
    expect(assume?.source).toEqual({ ip: null, ipText: "ecs.amazonaws.com" })
  })

  test("takes targets from resources and from parameters that name something", () => {
    expect(lens?.targets).toEqual([
      { type: "AWS::S3::Bucket", id: "arn:aws:s3:::reports" },
      { type: "bucket", id: "reports" },
    ])
    expect(create?.targets).toEqual([{ type: "user", id: "eve" }])
  })

  test("may also come as one record a line, and with its fields in lower case", () => {
    const line =
      '{"eventid":"e-1","eventname":"GetUser","eventsource":"iam.amazonaws.com","eventtime":"2023-01-10 21:04:02"}'
    expect(contentsOf(line)).toMatchObject([
      {
        operation: "iam.get_user",
        sourceId: "e-1",
        occurredAt: "2023-01-10T21:04:02.000000Z",
        occurredAtAssumed: "zone",
      },
    ])
  })

  test("with a time that is none keeps the record and says so", () => {
    const line = '{"eventName":"GetUser","eventSource":"iam.amazonaws.com","eventTime":"redacted"}'
    expect(contentsOf(line)).toMatchObject([
      {
        occurredAt: null,
        occurredAtAssumed: "received",
        details: ["The time of the record cannot be read: redacted"],
      },
    ])
  })
})

describe("ids of records", () => {
  test.each(names)("are the same whenever %s is read for the same app, and others for another app", name => {
    const text = name.endsWith("l") ? (fixture(name).split("\n")[0] ?? "") : fixture(name)
    const idsFor = (app: string) => {
      const format = formatFor("auto", text)
      return [...format.read(text, { ids: new RecordIds(app, format.name) })].map(
        ({ event }) => JSON.parse(event ?? "null").id,
      )
    }
    expect(idsFor(appId)).toEqual(idsFor(appId))
    expect(new Set(idsFor(appId)).size).toBe(idsFor(appId).length)
    expect(idsFor(appId)).not.toEqual(idsFor("6ba7b811-9dad-11d1-80b4-00c04fd430c8"))
  })

  test("differ for equal records of one file", () => {
    const entry = '{"timestamp":"2025-03-02T08:15:30Z","operation":300}'
    const contents = contentsOf(`{"status":{"code":10000},"entries":[${entry},${entry}]}`)
    expect(new Set(contents.map(content => content.id)).size).toBe(2)
  })

  test("differ for records of one file that share a key but not their bytes; the same bytes are the same event", () => {
    const record = (name: string) => `{"eventID":"1","eventName":"${name}","eventSource":"iam.amazonaws.com"}`
    const text = `{"Records":[${[record("A"), record("B"), record("A")]}]}`
    const [a, b, again] = contentsOf(text).map(content => content.id)
    expect(a).not.toBe(b)
    expect(again).toBe(a)
  })
})

describe("what our own records cannot keep", () => {
  const line =
    '{"call_id":12345678901234567890,"endpoint":"a.b","ip":"\\u0000x","ip":"\\ud800y","result":{"code":200}}'

  test("becomes text, and the original bytes are kept", () => {
    expect(read(line)).toMatchObject([
      { raw: line, content: { sourceId: "12345678901234567890", source: { ipText: "\\ud800y" } } },
    ])
  })

  test("is shortened where it is too long, visibly, and the original bytes are kept", () => {
    const long = "é".repeat(3000)
    const text = JSON.stringify({ call_id: long, endpoint: "a.b", ip: long, result: { code: 1, msg: long } })
    const other = text.replace('é","endpoint"', 'x","endpoint"')
    const [record] = read(text)
    expect(record?.raw).toBe(text)
    expect(record?.content.statusMessage).toBe(`${"é".repeat(1999)}…`)
    expect(record?.content.source?.ipText).toMatch(/…$/)
    expect(record?.content.sourceId).toHaveLength(eventLimits.idLength)
    expect(contentsOf(other)[0]?.sourceId).not.toBe(record?.content.sourceId)
  })

  test("is left out when it is too much, and the original bytes are kept up to their limit", () => {
    const user = { id: "ada", notes: "x".repeat(9000) }
    const entry = { operation: 300, user, blob: "y".repeat(300_000) }
    const [record] = read(JSON.stringify({ status: { code: 10000 }, entries: [entry] }))
    expect(record?.raw).toBeNull()
    expect(record?.content).toMatchObject({
      rawFormat: "clarifai",
      rawWithheld: expect.stringContaining("at most 262144"),
      actor: { type: "user", id: "ada" },
    })
    expect(record?.content.actor.attributes).toBeUndefined()
  })

  test("is never silently lost: what is no record is rejected at its place", () => {
    const format = formatFor("clearml", "")
    const records = [
      ...format.read('[{"call_id":"1","endpoint":"a.b"},7]', { ids: new RecordIds(appId, "clearml") }),
    ]
    expect(records[1]).toEqual({ position: "entry 2", event: null, fault: "must be an object" })
  })
})

describe("our own events", () => {
  const sent =
    '{"operation":"invoice.approve","actor":{"type":"user","id":"p"},"status":"success","metadata":{"a":1,"a":2}}'

  const id = "919108f7-52d1-4320-9bac-f847db4148a8"

  function eventsOf(text: string): string[] {
    return [...formatFor("auditorium", text).read(text, { ids: new RecordIds(appId, "auditorium") })].flatMap(
      ({ event }) => event ?? [],
    )
  }

  test("go through untouched, so that the API sees what was written", () => {
    const withId = sent.replace("{", `{ "id" : "${id}",`)
    expect(formatFor("auto", withId).name).toBe("auditorium")
    expect(eventsOf(withId)).toEqual([withId])
    expect(eventsOf(`[ ${withId} ,\n${withId}]`)).toEqual([withId, withId])
  })

  test("without id get one that is the same at each reading, and nothing else", () => {
    const [first = "", second = ""] = eventsOf(`[${sent},${sent}]`)
    expect(eventsOf(sent)).toEqual([first])
    expect(first.replace(/"id":"[0-9a-f-]{36}",/, "")).toBe(sent)
    expect(JSON.parse(first).id).not.toBe(JSON.parse(second).id)
    expect(JSON.parse(eventsOf(" {} ")[0] ?? "")).toEqual({ id: expect.any(String) })
    expect(JSON.parse(eventsOf('{"id":null,"actor":{"id":null}}')[0] ?? "")).toEqual({
      id: expect.any(String),
      actor: { id: null },
    })
  })

  test("are taken from an export as they were sent first", () => {
    const exported = JSON.stringify({
      ...JSON.parse(sent),
      id: "919108f7-52d1-4320-9bac-f847db4148a8",
      organizationId: "o",
      appId: "a",
      index: 7,
      leafHash: "h",
      receivedAt: "2025-10-21T09:49:09.000001Z",
      occurredAt: "2025-10-21T07:49:08.000000Z",
      occurredAtText: "2025-10-21T09:49:08+02:00",
      occurredAtAssumed: "none",
      source: { ip: null, ipText: "host", userAgent: "curl" },
      rawFormat: "clearml",
    })
    expect(contentsOf(exported)).toMatchObject([
      {
        id: "919108f7-52d1-4320-9bac-f847db4148a8",
        occurredAt: "2025-10-21T07:49:08.000000Z",
        occurredAtText: "2025-10-21T09:49:08+02:00",
        source: { ip: null, ipText: "host", userAgent: "curl" },
        rawFormat: "clearml",
        rawWithheld: expect.stringContaining("export"),
      },
    ])
  })

  test("that had no time of their own occurred when the first server received them", () => {
    const exported = JSON.stringify({
      ...JSON.parse(sent),
      leafHash: "h",
      receivedAt: "2025-10-21T09:49:09.000001Z",
      occurredAt: "2025-10-21T09:49:09.000001Z",
      occurredAtAssumed: "received",
    })
    expect(contentsOf(exported)).toMatchObject([
      { occurredAt: "2025-10-21T09:49:09.000001Z", occurredAtAssumed: "none" },
    ])
  })
})

describe("finding the format", () => {
  test.each([
    ["{}", "No known format looks like this file"],
    ["[]", "No known format"],
    ["7", "No known format"],
    ["{", "Not valid JSON at line 1, column 2"],
  ])("%s is none", (text, message) => {
    expect(() => formatFor("auto", text)).toThrow(message)
    expect(() => formatFor("auto", text)).toThrow(AppError)
  })

  test("a name that is none is told the names there are", () => {
    expect(() => formatFor("csv", "")).toThrow(
      "Known: clarifai, cloudtrail, clearml, github, kubernetes, okta, auditorium.",
    )
  })
})
