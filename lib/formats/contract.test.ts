import { existsSync, readdirSync, readFileSync } from "node:fs"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { isObject } from "@/lib/audit/json/value"
import { AppError } from "@/lib/errors"
import { ask, pathsIn, pathsOf, replaced } from "@/lib/formats/testing/paths"
import {
  appId,
  contentsOf,
  elementsOf,
  fixturesOf,
  folder,
  golden,
  inFile,
  mainTexts,
  parsedOf,
  rawOf,
  read,
  recordsOf,
  textsOf,
} from "@/lib/formats/testing/reading"
import type { Fills } from "./engine/mapping"
import { ForeignRecord } from "./engine/record"
import { parseForeignJson } from "./foreign-json"
import type { FormatRecord } from "./format"
import { formats } from "./formats"

// What every format must keep to: a format is tested by being registered and by its fixtures.

const strange = fc.oneof(
  fc.constantFrom<unknown>(null, "", "x".repeat(5000), "é\u0000".repeat(1500), 0, -1, 1e308, [], {}, [[]]),
  fc.constantFrom<unknown>(
    { toString: 1 },
    { toString: { valueOf: null } },
    { length: -1 },
    { constructor: 1 },
    { content: 1 },
  ),
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.jsonValue({ maxDepth: 40 }),
)
const runs = { numRuns: 250, seed: 8 }

const says: Readonly<Record<keyof Fills, (content: ReturnType<typeof contentsOf>[number]) => boolean>> = {
  who: ({ actor }) => actor.id !== "anonymous",
  what: ({ operation }) => !operation.endsWith(".unknown"),
  when: ({ occurredAtAssumed }) => occurredAtAssumed !== "received",
  where: ({ source }) => source !== undefined && source.ipText !== "",
  target: ({ targets }) => targets.length > 0,
  outcome: ({ status }) => status !== "unknown",
}

describe.each(formats.map(format => [format.name, format] as const))("the format %s", (name, format) => {
  const mains = mainTexts(format)
  const all = fixturesOf(format).flatMap(textsOf)
  const rawTexts = mains.flatMap(text => elementsOf(text).map(element => JSON.stringify(element)))

  test.each(fixturesOf(format))("makes of %s the ids and texts that are written down", async fixture => {
    const file = `${folder}/golden/${fixture}.txt`
    expect(existsSync(file), "is written with -u, into a file that is there").toBe(true)
    await expect(`${[...golden(format, fixture)].join("\n")}\n`).toMatchFileSnapshot(file)
  })

  test("is one mapping of at most 80 lines", () => {
    const file = name === "auditorium" ? "native" : name
    const lines = readFileSync(`${import.meta.dirname}/${file}.ts`, "utf8")
      .trimEnd()
      .split("\n")
    expect(lines.length).toBeLessThanOrEqual(80)
  })

  test("is told by its content, alone of all formats, and no other has its odd ones", () => {
    const toldBy = (text: string) =>
      formats.filter(each => each.recognises(parseForeignJson(text))).map(each => each.name)
    for (const text of mains) expect(toldBy(text), text).toEqual([name])
    for (const text of all) expect([[], [name]], text).toContainEqual(toldBy(text))
  })

  test("accepts no record of another format when it is named", () => {
    for (const other of formats.filter(each => each !== format)) {
      for (const text of fixturesOf(other).flatMap(textsOf)) {
        expect(contentsOf(recordsOf(format, [text])), text).toEqual([])
      }
    }
  })

  test("makes one event of each record, in order, with the record's own bytes", () => {
    const records = recordsOf(format, mains)
    expect(contentsOf(records).length).toBe(records.length)
    expect(records.length).toBe(rawTexts.length)
    for (const [at, record] of records.entries()) {
      // Our own events are sent as they are, so that they have no other original.
      const raw = name === "auditorium" ? record.event : rawOf(record)
      if (name !== "auditorium") expect(mains.join("\n")).toContain(raw)
      expect(JSON.parse(raw ?? "")).toMatchObject(JSON.parse(rawTexts[at] ?? ""))
    }
  })

  test("gives the same ids at each reading, others in another app, and another to other bytes of a known key", () => {
    const idsOf = (app: string) => contentsOf(recordsOf(format, mains, app)).map(({ id }) => id)
    const other = "6ba7b811-9dad-11d1-80b4-00c04fd430c8"
    expect(idsOf(appId)).toEqual(idsOf(appId))
    expect(new Set(idsOf(appId)).size).toBe(new Set(rawTexts).size)
    if (name === "auditorium") return
    expect(idsOf(appId).filter(id => idsOf(other).includes(id))).toEqual([])
    const [first = ""] = rawTexts
    const changed = JSON.stringify({ ...JSON.parse(first), "x-unknown": 1 })
    const [one, two, again] = contentsOf(
      recordsOf(
        format,
        [first, changed, first].map(each => inFile(name, each)),
      ),
    )
    expect(two?.id).not.toBe(one?.id)
    expect(again?.id === one?.id).toBe(one?.sourceId !== undefined)
  })

  test("takes every mutant of its records: an event that the API accepts, or a refusal at its place", () => {
    const records = all.flatMap(text => recordsOf(format, [text]).flatMap(record => rawOf(record) ?? []))
    const originals = name === "auditorium" ? all.filter(text => text.startsWith("{")) : records
    fc.assert(
      fc.property(fc.constantFrom(...originals), fc.nat(), strange, (original, at, by) => {
        const value: unknown = parseForeignJson(original)
        const paths = pathsIn(value).slice(1)
        const mutant = JSON.stringify(replaced(value, paths[at % paths.length] ?? [], by))
        const told = read(format, inFile(name, mutant))
        if (told instanceof AppError) throw told
        for (const record of told) {
          if (record.event === null) expect(record.fault).not.toBe("")
          else expectAccepted(name, record, mutant)
        }
      }),
      runs,
    )
  })

  test("throws nothing but what it says of the file, whatever the bytes", () => {
    const bytes = all.map(text => Buffer.from(text.slice(0, 6000)))
    const damaged = fc
      .tuple(fc.constantFrom(...bytes), fc.nat(), fc.uint8Array({ maxLength: 6 }))
      .map(([text, at, by]) => {
        const place = at % text.length
        return Buffer.concat([text.subarray(0, place), by, text.subarray(place + 1)])
      })
    fc.assert(
      fc.property(
        fc.oneof(
          damaged,
          fc.uint8Array(),
          fc.json().map(text => Buffer.from(text)),
        ),
        input => {
          read(format, Buffer.from(input).toString("utf8"))
        },
      ),
      runs,
    )
  })

  test("has no dead path: each says something in a fixture, or the vendor's page names it", () => {
    const { mapping } = format
    if (!("event" in mapping)) return
    const log = { asked: new Set<string>(), answered: new Set<string>() }
    const paths = [...pathsOf(mapping.event), ...pathsOf(mapping.key)]
    for (const raw of [
      ...rawTexts,
      ...all.flatMap(text => recordsOf(format, [text]).flatMap(each => rawOf(each) ?? [])),
    ]) {
      const value = parseForeignJson(raw)
      if (isObject(value)) ask(new ForeignRecord(value, mapping, log), paths)
    }
    const { documented = {} } = mapping
    for (const page of Object.values(documented)) expect(page).toMatch(/^https:\/\//)
    expect(paths.filter(path => !log.answered.has(path) && !(path in documented))).toEqual([])
    // What stands in `documented` is a path of the mapping.
    expect(Object.keys(documented).filter(path => !paths.includes(path))).toEqual([])
  })

  test("fills of its fixture at least the share of each part that it declares, and declares what it fills", () => {
    const contents = contentsOf(recordsOf(format, mains))
    for (const [part, least] of Object.entries(format.mapping.fills)) {
      const share = contents.filter(says[part as keyof Fills]).length / contents.length
      expect(share, part).toBeGreaterThanOrEqual(least)
      expect(share - least, `${part} is filled more often than is declared`).toBeLessThan(0.1)
    }
  })
})

/** What the API finds wrong in an event of ours is for it to say, at its pointer. */
function expectAccepted(name: string, record: FormatRecord, original: string): void {
  const parsed = parsedOf(record)
  if (name === "auditorium") return void (parsed.ok || expect(parsed.faults.length).toBeGreaterThan(0))
  expect(parsed).toMatchObject({ ok: true })
  if (parsed.ok && parsed.prepared.raw !== null) expect(original).toContain(rawOf(record))
}

test("records of systems that are not read here are taken by no format, however like they are", () => {
  const texts = readFileSync(`${folder}/unread/near-misses.jsonl`, "utf8").trimEnd().split("\n")
  for (const text of texts) {
    for (const each of [text, `[${text}]`]) {
      expect(formats.filter(format => format.recognises(JSON.parse(each))).map(({ name }) => name)).toEqual(
        [],
      )
    }
  }
})

test("no format makes a text of a foreign value but by textOf, which takes texts, numbers and booleans only", () => {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
  const sources = files.filter(file => /^(?!testing).*(?<!\.test)\.ts$/.test(file))
  expect(sources.length).toBeGreaterThan(20)
  const found = sources.flatMap(file => {
    const text = readFileSync(`${import.meta.dirname}/${file}`, "utf8")
    return [...text.matchAll(/\bString\(|\.toString\(\)/g)].map(([call]) => `${file}: ${call}`)
  })
  // The second one is of a number of ours.
  expect(found.toSorted()).toEqual(["foreign-values.ts: String(", "write/cloudevents.ts: String("])
})
