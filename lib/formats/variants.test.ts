import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { parseEvent } from "@/lib/audit/event/parse"
import { scanJson } from "@/lib/audit/json/scan"
import { RecordIds } from "./format"
import { formatFor } from "./formats"

const appId = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"

function contentsOf(text: string) {
  const format = formatFor("auto", text)
  return [...format.read(text, { ids: new RecordIds(appId, format.name) })].map(({ event }) => {
    const parsed = parseEvent(scanJson(event ?? "null").value, {
      organizationId: "o",
      appId,
      newId: () => "n",
    })
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
    const { id: _, ...content } = parsed.prepared.content
    return content
  })
}

interface Response {
  readonly entries: readonly Readonly<Record<string, unknown>>[]
}

describe("a Clarifai response as the libraries of Protocol Buffers write it", () => {
  const gateway: Response = JSON.parse(readFileSync(`${import.meta.dirname}/fixtures/clarifai.json`, "utf8"))
  const camel = (text: string) => text.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
  const inCamel = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inCamel)
    if (typeof value !== "object" || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [camel(key), inCamel(member)]))
  }
  const names: Readonly<Record<string, string>> = { 403: "WORKFLOW_VERSION_CREATE", 300: "MODEL_CREATE" }
  const withNames = {
    status: { code: "SUCCESS", description: "Ok", reqId: "0f0f" },
    entries: gateway.entries.map(entry => ({
      ...Object(inCamel(entry)),
      operation: names[String(entry.operation)] ?? entry.operation,
    })),
  }

  test("gives the same events: names of enums, lowerCamelCase", () => {
    expect(contentsOf(JSON.stringify(withNames))).toEqual(contentsOf(JSON.stringify(gateway)))
    expect(contentsOf(JSON.stringify([withNames, gateway]))).toHaveLength(6)
  })

  test("has no entries when they are null, and an error by its name is that error", () => {
    expect(contentsOf('{"status":{"code":"SUCCESS"},"entries":null}')).toEqual([])
    expect(contentsOf('{"status":{"code":10000},"entries":null}')).toEqual([])
    const refused = '{"status":{"code":"CONN_INVALID_REQUEST","description":"Invalid request"}}'
    expect(() => contentsOf(refused)).toThrow("Clarifai answered: Invalid request (CONN_INVALID_REQUEST).")
  })

  test("may have an operation that is newer than the catalogue, a time in two parts, and null for what is empty", () => {
    const entry = {
      timestamp: { seconds: "1737115495", nanos: 449860000 },
      ...{ operation: "PROMPT_VERSION_PUBLISH", user: null, targets: null, details: null, success: true },
    }
    expect(contentsOf(JSON.stringify({ status: { code: 10000 }, entries: [entry] }))).toMatchObject([
      {
        ...{
          operation: "prompt_version.publish",
          occurredAt: "2025-01-17T12:04:55.449860Z",
          status: "success",
        },
        ...{ actor: { type: "anonymous" }, targets: [], details: [] },
      },
    ])
    const unset =
      '{"status":{"code":10000},"entries":[{"timestamp":"2025-01-17T12:04:55Z","operation":"EVENT_TYPE_NOT_SET"}]}'
    expect(contentsOf(unset)).toMatchObject([{ operation: "event_type.not_set", operationCode: 0 }])
  })
})

describe("a ClearML entry", () => {
  const entry = '"call_id":"1","endpoint":"users.get_all","result":{"code":200}'

  test.each([
    ["1761040148908", "2025-10-21T09:49:08.908000Z"],
    ["1761040148.908", "2025-10-21T09:49:08.908000Z"],
    ['"1761040148"', "2025-10-21T09:49:08.000000Z"],
    ['"2025-10-21T09:49:08.908-0000"', "2025-10-21T09:49:08.908000Z"],
  ])("may have its time as %s", (time, occurredAt) => {
    expect(contentsOf(`{"@timestamp":${time},${entry}}`)).toMatchObject([{ occurredAt, details: [] }])
  })

  test("may hold -0, which is 0", () => {
    const numbers = '"duration":-0,"request_size":-0.0,"response_size":-0e1'
    expect(contentsOf(`{${entry},${numbers}}`)).toMatchObject([
      { http: { durationMs: 0, requestBytes: 0, responseBytes: 0 } },
    ])
    expect(contentsOf(`{${entry},${numbers},"lossy":12345678901234567890}`)).toMatchObject([
      { http: { durationMs: 0, requestBytes: 0, responseBytes: 0 } },
    ])
  })
})
