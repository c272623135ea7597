import { createHash } from "node:crypto"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { constants, gunzipSync, gzipSync } from "node:zlib"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Break, FileRecord } from "./file-record"
import { readRecords } from "./records"

const appId = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "auditorium-damaged-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface ReadFile {
  /** The request ids of the events, by which the tests know them. */
  readonly kept: readonly string[]
  readonly rejected: readonly string[]
  readonly breaks: readonly Break[]
}

async function read(
  content: Uint8Array | string,
  name = "events.ndjson",
  format = "auto",
): Promise<ReadFile> {
  const at = path.join(folder, name)
  await writeFile(at, content)
  const found: (FileRecord | Break)[] = []
  for await (const each of readRecords({ path: at, format, appId, onRead: () => undefined })) found.push(each)
  return {
    kept: found.flatMap(each =>
      "event" in each && each.event !== null ? [JSON.parse(each.event).requestId] : [],
    ),
    rejected: found.flatMap(each => ("fault" in each ? [`${each.place}: ${each.fault}`] : [])),
    breaks: found.filter(each => "brokenBy" in each),
  }
}

const eventOf = (number: number) =>
  JSON.stringify({
    ...{ id: `919108f7-52d1-4320-9bac-${String(number).padStart(12, "0")}`, requestId: `r-${number}` },
    ...{ operation: "invoice.approve", status: "success", actor: { type: "user", id: `ü-${number}` } },
    // Says nothing that can be packed, so that few lines make the last two kilobytes of a packed file.
    metadata: {
      filler: ["a", "b"].map(half => createHash("sha512").update(`${half}${number}`).digest("base64")),
    },
  })
const lines = Array.from({ length: 14 }, (_, number) => eventOf(number))
const text = Buffer.from(`${lines.join("\n")}\n`)
const lastBytes = 2048
const ends = lines.map((_, at) => Buffer.byteLength(lines.slice(0, at + 1).join("\n")))

/** The request ids of the lines that are whole in the beginning of the text. */
function wholeIn(beginning: Buffer): string[] {
  return ends.flatMap((end, at) => (end <= beginning.length ? [`r-${at}`] : []))
}

describe("a file that is cut keeps every whole line", () => {
  test("plain, at every byte of its last 2 KB, and rejects the torn line at its number", async () => {
    for (let end = text.length - lastBytes; end <= text.length; end++) {
      const cut = text.subarray(0, end)
      const { kept, rejected, breaks } = await read(cut)
      expect([end, kept]).toEqual([end, wholeIn(cut)])
      const isTorn =
        cut.length > 0 &&
        cut.at(-1) !== 10 &&
        !wholeIn(cut).includes(`r-${cut.toString("latin1").split("\n").length - 1}`)
      expect([end, rejected.length, breaks]).toEqual([end, isTorn ? 1 : 0, []])
      if (isTorn) expect(rejected[0]).toMatch(new RegExp(`^line ${kept.length + 1}: Not valid`))
    }
  })

  test("gzip, at every byte of its last 2 KB, and says where it broke", async () => {
    const packed = gzipSync(text)
    expect(packed.length).toBeGreaterThan(lastBytes)
    for (let end = packed.length - lastBytes; end < packed.length; end++) {
      const cut = packed.subarray(0, end)
      const readable = gunzipSync(cut, { finishFlush: constants.Z_SYNC_FLUSH })
      const { kept, breaks } = await read(cut, "events.ndjson.gz")
      expect([end, kept]).toEqual([end, wholeIn(readable)])
      expect(breaks).toEqual([
        { place: expect.stringMatching(/^line \d+$/), brokenBy: "unexpected end of file" },
      ])
    }
  })

  test("gzip whose checksum is wrong, and gzip with a damaged byte, up to the damage", async () => {
    const packed = gzipSync(text)
    packed.writeUInt8(packed.readUInt8(packed.length - 6) ^ 1, packed.length - 6)
    expect(await read(packed, "checksum.gz")).toMatchObject({
      kept: wholeIn(text),
      breaks: [{ brokenBy: "incorrect data check" }],
    })
    const stored = gzipSync(text, { level: 0 })
    const damaged = Buffer.concat([stored.subarray(0, 3000), Buffer.alloc(40, 0xff), stored.subarray(3040)])
    const { kept, rejected } = await read(damaged, "damaged.gz")
    expect(kept.length).toBeGreaterThanOrEqual(lines.length - 2)
    expect(rejected.length).toBeGreaterThan(0)
  })

  test("a list on one line or on many, of which every whole record is kept", async () => {
    const list = Buffer.from(`[\n${lines.join(",\n")}\n]`)
    const oneLine = Buffer.from(JSON.stringify(lines.map(line => JSON.parse(line))))
    for (const whole of [list, oneLine]) {
      for (let end = whole.length - 700; end < whole.length; end += 7) {
        const cut = whole.subarray(0, end)
        const { kept, breaks } = await read(cut, "events.json")
        const expected = lines.filter(line => cut.includes(line)).length
        expect([end, kept.length]).toEqual([end, expected])
        expect(breaks.length).toBe(1)
      }
    }
  })

  test("a CloudTrail file, packed or not; a single record that is cut is never closed into another", async () => {
    const record = (at: number) =>
      `{"eventID":"${at}","requestID":"r-${at}","eventName":"A","eventSource":"iam.amazonaws.com","resources":[{"ARN":"a"},{"ARN":"b"}]}`
    const file = `{"Records":[${[0, 1, 2].map(record)}]}`
    for (let end = file.indexOf(record(2)) + 1; end < file.length; end++) {
      const expected = file.slice(0, end).includes(record(2)) ? ["r-0", "r-1", "r-2"] : ["r-0", "r-1"]
      for (const content of [file.slice(0, end), gzipSync(file.slice(0, end))]) {
        const { kept, breaks, rejected } = await read(content, "trail.json.gz")
        expect([end, kept]).toEqual([end, expected])
        expect(breaks.length + rejected.length).toBe(1)
      }
    }
    for (let end = 1; end < record(0).length; end++) {
      const result = await read(record(0).slice(0, end), "trail.json", "cloudtrail").catch(() => null)
      expect([end, result?.kept ?? []]).toEqual([end, []])
    }
  })
})

describe("a file whose beginning is damaged", () => {
  test.each([
    ["a line torn at its beginning", lines[0]?.slice(40)],
    ["a line torn at its end", lines[0]?.slice(0, -30)],
    ["a line torn between two members", '{"operation":"a.b",'],
    ["bytes that are no text", Buffer.from([0x80, 0xff, 0x00, 0x7b])],
    ["a word", "--- log rotated ---"],
    ["JSON that is none of ours", '{"note":"rotated"}'],
    ["a number", "7"],
  ])("begins with %s: that line is rejected, the rest is kept", async (_, first) => {
    const content = Buffer.concat([Buffer.from(first ?? ""), Buffer.from("\n"), text])
    for (const [bytes, name] of [
      [content, "a.ndjson"],
      [gzipSync(content), "a.ndjson.gz"],
    ] as const) {
      const { kept, rejected, breaks } = await read(bytes, name)
      // Our own format leaves it to the API to refuse an object, and to say what is wrong with it.
      expect(kept.filter(id => id !== undefined)).toEqual(wholeIn(text))
      expect(kept.length - lines.length + rejected.length).toBe(1)
      expect(breaks).toEqual([])
    }
  })
})

describe("a file is read for what it is", () => {
  test("gzip without the suffix, plain with it, several parts of gzip, UTF-16 of both orders, with and without a mark", async () => {
    const all = wholeIn(text)
    const utf16 = Buffer.from(text.toString("utf8"), "utf16le")
    const swapped = Buffer.from(utf16).swap16()
    const files: readonly (readonly [Buffer, string])[] = [
      [gzipSync(text), "packed.ndjson"],
      [text, "plain.ndjson.gz"],
      [Buffer.concat([gzipSync(text.subarray(0, 900)), gzipSync(text.subarray(900))]), "parts.gz"],
      [Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]), "little.ndjson"],
      [Buffer.concat([Buffer.from([0xfe, 0xff]), swapped]), "big.ndjson"],
      [utf16, "unmarked.ndjson"],
      [gzipSync(swapped), "packed16.gz"],
      [Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), text]), "marked.ndjson"],
    ]
    for (const [content, name] of files) {
      expect([name, await read(content, name)]).toEqual([name, { kept: all, rejected: [], breaks: [] }])
    }
  })

  test("a list over several lines is one text, whatever its lines look like", async () => {
    const [one = "", two = ""] = lines
    for (const content of [
      `[\n${one}\n]`,
      `[${one},\n${two}]`,
      `[\n${one},\n${two}\n]\n`,
      `[${one}\n,${two}\n]`,
      JSON.stringify(JSON.parse(one), null, 2),
    ]) {
      const { kept, rejected, breaks } = await read(content, "list.json")
      expect([content, kept.length, rejected, breaks]).toEqual([
        content,
        content.includes("r-1") ? 2 : 1,
        [],
        [],
      ])
    }
  })

  test("and one that is nothing known is refused as a whole, in words that lead nowhere wrong", async () => {
    const refusal = await read('{"some":"thing"}\n{"other":1}\n', "x.ndjson").catch(String)
    expect(refusal).toContain("No known format looks like this file. Known: ")
    expect(refusal).not.toContain("--format")
  })
})

describe("objects that follow each other without a list around them are all read", () => {
  const objects = [0, 1, 2].map(eventOf)
  const ids = ["r-0", "r-1", "r-2"]

  test.each([
    ["on one line", objects.join("")],
    ["on one line with spaces between", objects.join("  ")],
    ["some of them on a line of their own", `${objects[0]}\n${objects[1]}${objects[2]}\n`],
    ["each on several lines", objects.map(each => JSON.stringify(JSON.parse(each), null, 2)).join("\n")],
    ["with braces and quotes in their texts", objects.map(each => each.replace("ü-", 'ü}{\\"')).join("")],
  ])("%s", async (_, content) => {
    expect(await read(content)).toEqual({ kept: ids, rejected: [], breaks: [] })
  })

  test("one that is torn is rejected at its place, and those before it are kept", async () => {
    const torn = await read(`${objects.join("")}${eventOf(3).slice(0, -20)}`)
    expect(torn.kept).toEqual(ids)
    expect([...torn.rejected, ...torn.breaks.map(each => each.place)].join()).toContain("object 4")
  })
})
