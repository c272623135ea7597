import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { gzipSync } from "node:zlib"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Break, FileRecord } from "./file-record"
import { splitText } from "./split-text"
import { textPieces } from "./text-pieces"
import { readWhole } from "./whole-file"

const appId = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "auditorium-large-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function read(content: string | Uint8Array, held?: number): Promise<readonly (FileRecord | Break)[]> {
  const at = path.join(folder, "file.json")
  await writeFile(at, content)
  const found: (FileRecord | Break)[] = []
  for await (const each of readWhole({ path: at, format: "auto", appId, onRead: () => undefined }, held))
    found.push(each)
  return found
}

const native = (number: number) =>
  `{"operation":"a.b","requestId":"r-${number}","actor":{"id":"ü]}\\"${number}"},"metadata":{"list":[1,{"b":"}"}]}}`
const trail = (number: number) =>
  `{"eventID":"${number % 5}","eventName":"A","eventSource":"iam.amazonaws.com","n":${number}}`
const many = <Text>(make: (number: number) => Text) => Array.from({ length: 40 }, (_, number) => make(number))
const entry = (number: number) =>
  `{"timestamp":"2026-01-0${1 + (number % 9)}T00:00:00Z","operation":100,"description":"d","details":{"n":${number}}}`

/** Files of every shape, which are read with all of them in memory as well. */
const files: Readonly<Record<string, string>> = {
  "a list on one line": `[${many(native).join(",")}]`,
  "a list on many lines, with spaces": `\ufeff \n[\n  ${many(native).join(" ,\n  ")}\n]\n`,
  "records with equal ids and equal texts": `[${[...many(trail), ...many(trail)].join(",")}]`,
  "a list in an object": `{"Records":[${many(trail).join(",\n")}]}`,
  "a list in an object that has more before and behind": `{"a":{"Records":[1]},"b":"Records","Records":[${many(trail)}],"c":[{"d":[]}]}`,
  "a response of Clarifai whose status follows the entries": `{"entries":[${many(entry)}],"status":{"code":10000}}`,
  "objects that follow each other": many(native).join("\n"),
  "objects of lists that follow each other": many(number => `{"Records":[${trail(number)}]}`).join(""),
  "lists within a list": `[${many(number => `{"Records":[${trail(number)},${trail(number + 1)}]}`)}]`,
  "values of a list that are no records": `[1,"x",null,${many(native)}]`,
  "one record": JSON.stringify(JSON.parse(native(1)), null, 200),
}
describe("a file of one JSON text that is longer than what is held", () => {
  test.each(Object.entries(files))("gives what it gives when it is held: %s", async (_, text) => {
    const whole = await read(text)
    for (const held of [300, 1_000]) expect(await read(text, held)).toEqual(whole)
    expect(await read(gzipSync(text), 300)).toEqual(whole)
  })

  test("gives every whole record when it is cut anywhere, and says where it breaks off", async () => {
    for (const name of ["a list on one line", "a list in an object", "objects that follow each other"]) {
      const text = files[name] ?? ""
      for (let end = 1_500; end < text.length - 1; end += 397) {
        const cut = text.slice(0, end)
        const found = await read(cut, 300)
        const whole = await read(cut)
        expect([name, end, found.filter(each => "event" in each)]).toEqual([
          name,
          end,
          whole.filter(each => "event" in each),
        ])
        const isBetween =
          name.startsWith("objects") && /\}\s*$/.test(cut) && whole.every(each => "event" in each)
        expect([name, end, found.filter(each => "brokenBy" in each).length]).toEqual([
          name,
          end,
          isBetween ? 0 : 1,
        ])
      }
    }
  })

  test.each([
    [
      "a missing comma",
      (text: string) =>
        text.replace('},{"operation":"a.b","requestId":"r-20"', '}{"operation":"a.b","requestId":"r-20"'),
    ],
    [
      "two commas",
      (text: string) =>
        text.replace(',{"operation":"a.b","requestId":"r-20"', ',,{"operation":"a.b","requestId":"r-20"'),
    ],
    ["a record that is no JSON", (text: string) => text.replace('"requestId":"r-20"', '"requestId":r-20')],
    [
      "a wrong byte",
      (text: string) =>
        Buffer.from(text.replace("r-20", "r-\u0001"), "latin1").map(byte => (byte === 1 ? 0xff : byte)),
    ],
  ])("gives what stands before %s, and nothing behind it", async (_, damage) => {
    const content = damage(files["a list on one line"]?.replaceAll("ü", "u") ?? "")
    const found = await read(content, 300)
    const kept = found.flatMap(each =>
      "event" in each && each.event !== null ? [JSON.parse(each.event).requestId] : [],
    )
    expect(kept).toEqual(Array.from({ length: 20 }, (_, number) => `r-${number}`))
    expect(found.at(-1)).toMatchObject({ brokenBy: expect.stringMatching(/^Not valid/) })
  })

  test("is refused when one record alone is longer, and when it is nothing known", async () => {
    const long = `[${native(1)},{"operation":"a.b","description":"${"x".repeat(2_000)}"},${native(2)}]`
    expect((await read(long, 300)).at(-1)).toMatchObject({
      brokenBy: expect.stringContaining("is longer than"),
    })
    const unknown = `[${many(number => `{"some":${number}}`)}]`
    for (const held of [300, undefined]) await expect(read(unknown, held)).rejects.toThrow("No known format")
    await expect(read("x".repeat(1_000), 300)).rejects.toThrow("Not valid JSON")
  })
})

test("no more of a text is read than one record and one piece before its records are taken, however long it is", async () => {
  const record = native(1)
  let read = 0
  async function* pieces() {
    yield "["
    for (let number = 0; number < 5_000; number++) {
      read++
      yield number === 0 ? record : `,${record}`
    }
    yield "]"
  }
  let taken = 0
  let ahead = 0
  for await (const part of splitText(pieces(), { lists: new Set(), longest: 10_000 })) {
    if (part.kind === "element") taken++
    ahead = Math.max(ahead, read - taken)
  }
  expect(taken).toBe(5_000)
  expect(ahead).toBeLessThanOrEqual(1)
})

test("the records of a long file come while it is read, not after it", async () => {
  const at = path.join(folder, "long.json")
  await writeFile(
    at,
    `{"Records":[${Array.from({ length: 20_000 }, (_, number) => trail(number)).join(",")}]}`,
  )
  const { length } = await readFile(at)
  let read = 0
  let given = 0
  let records = 0
  let ahead = 0
  const file = { path: at, format: "cloudtrail", appId, onRead: (bytes: number) => (read += bytes) }
  for await (const record of readWhole(file, 10_000)) {
    if ("event" in record) given += trail(records++).length
    ahead = Math.max(ahead, read - given)
  }
  expect(read).toBe(length)
  expect(length).toBeGreaterThan(1_500_000)
  expect(ahead).toBeLessThan(length / 2)
})

test("text is the same however its bytes are cut, up to the first wrong one", async () => {
  const bytes = Buffer.from("\ufeffaé€😀\ufeffz")
  const from = async (cut: number, all: Buffer) => {
    async function* stream() {
      for (let at = 0; at < all.length; at += cut) yield all.subarray(at, at + cut)
    }
    let text = ""
    try {
      for await (const piece of textPieces(stream())) text += piece
    } catch (error) {
      return [text, String(error)]
    }
    return [text]
  }
  for (let cut = 1; cut <= bytes.length; cut++) {
    expect(await from(cut, bytes)).toEqual(["aé€😀\ufeffz"])
    const wrong = Buffer.concat([bytes.subarray(0, 9), Buffer.from([0xff]), bytes])
    expect(await from(cut, wrong)).toEqual(["aé€", expect.stringContaining("offset 9")])
    expect(await from(cut, bytes.subarray(0, 11))).toEqual(["aé€", expect.stringContaining("offset 9")])
  }
})
