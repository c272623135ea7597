import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { parseEvent } from "@/lib/audit/event/parse"
import { scanJson } from "@/lib/audit/json/scan"
import { AppError } from "@/lib/errors"
import { type FormatRecord, RecordIds } from "./format"
import { formats } from "./formats"

const appId = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
const fixture = (name: string) => readFileSync(`${import.meta.dirname}/fixtures/${name}`, "utf8")
const lines = (text: string) => text.trimEnd().split("\n")

const ours = JSON.stringify({
  ...{ id: "919108f7-52d1-4320-9bac-f847db4148a8", operation: "invoice.approve", status: "success" },
  actor: { type: "user", id: "p" },
})
const exported = JSON.stringify({
  ...JSON.parse(ours),
  ...{ organizationId: "o", appId: "a", index: 1, leafHash: "h", receivedAt: "2025-10-21T09:49:09.000001Z" },
  ...{
    occurredAt: "2025-10-21T09:49:09.000001Z",
    occurredAtAssumed: "received",
    details: [],
    changes: [],
    targets: [],
  },
})
/** Texts of each format, whole files and lines; and some that are of none. */
const texts: Readonly<Record<string, readonly string[]>> = {
  clarifai: [fixture("clarifai.json")],
  cloudtrail: [fixture("cloudtrail.json"), ...lines(fixture("cloudtrail-calls.jsonl")).slice(0, 20)],
  clearml: [...lines(fixture("clearml.jsonl")), `[${lines(fixture("clearml.jsonl"))}]`],
  auditorium: [ours, `[${ours}]`, exported],
  none: [
    ...[
      "{}",
      "[]",
      "[{}]",
      "7",
      '"text"',
      "null",
      '{"status":"success"}',
      '{"status":{"code":10000},"entries":[{}]}',
    ],
    ...['{"Records":[{}]}', '{"entries":[{"timestamp":"2025-01-01T00:00:00Z"}]}', '{"detail":{"a":1}}'],
    '{"awsAccountId":"1","digestStartTime":"2023-07-10T11:45:00Z","logFiles":[{"s3Bucket":"b"}]}',
    '{"Events":[{"EventId":"1","EventName":"ConsoleLogin"}],"NextToken":"t"}',
  ],
}

/** What would be sent of a text, and be accepted. */
function acceptedOf(format: (typeof formats)[number], text: string): readonly FormatRecord[] {
  try {
    const records = [...format.read(text, { ids: new RecordIds(appId, format.name) })]
    return records.filter(({ event }) => {
      const { value, faults } = scanJson(event ?? "null")
      return faults.length === 0 && parseEvent(value, { organizationId: "o", appId, newId: () => "n" }).ok
    })
  } catch (error) {
    if (error instanceof AppError) return []
    throw error
  }
}

describe.each(formats.map(format => [format.name, format] as const))("the format %s", (name, format) => {
  test.each(Object.keys(texts).filter(other => other !== name))(
    "accepts no record of %s when it is named",
    other => {
      for (const text of texts[other] ?? []) expect([text, acceptedOf(format, text)]).toEqual([text, []])
    },
  )

  test("accepts its own records, and no other format takes them for its own", () => {
    for (const text of texts[name] ?? []) {
      expect(acceptedOf(format, text).length, text).toBeGreaterThan(0)
      expect(formats.filter(each => each.recognises(JSON.parse(text))).map(each => each.name)).toEqual([name])
    }
  })
})
