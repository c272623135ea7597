import { gunzipSync } from "node:zlib"
import { decode, decodeMulti, ExtData, ExtensionCodec } from "@msgpack/msgpack"
import { describe, expect, it } from "vitest"
import { instant } from "@/test/events"
import { acme, batchOf, globex } from "@/test/sinks/batch"
import { chunksOf, messageOf } from "./chunks"

const settings = { tag: "clearml.apiserver.api-logs", suffix: "none", chunkBytes: 1024 * 1024 } as const
// Extensions as they are: the library would read number -1 only.
const extensionCodec = new ExtensionCodec()
extensionCodec.register({ type: 0, encode: () => null, decode: data => new ExtData(0, new Uint8Array(data)) })
const entriesIn = (packed: Uint8Array) =>
  [...decodeMulti(packed, { extensionCodec })] as [ExtData | number, Record<string, unknown>][]
const at = (text: string) => ({ occurredAt: instant(text) })

describe("the chunks of a batch", () => {
  it("have the time of each event to the microsecond, as EventTime", () => {
    const { chunks } = chunksOf(batchOf([at("2025-11-29T22:39:08.123456Z")]), settings)
    const [[time] = []] = entriesIn(chunks[0]?.packed ?? new Uint8Array())
    // 1764455948 and 123456000, most significant byte first.
    expect(time).toEqual(new ExtData(0, Uint8Array.from([0x69, 0x2b, 0x76, 0x0c, 0x07, 0x5b, 0xca, 0x00])))
  })

  it("have whole seconds where EventTime ends, instead of a time 136 years earlier", () => {
    const times = [
      "2106-02-07T06:28:15.999999Z",
      "2106-02-07T06:28:16.000001Z",
      "2199-12-31T23:59:59.000000Z",
    ]
    const { chunks } = chunksOf(batchOf(times.map(at)), settings)
    const found = entriesIn(chunks[0]?.packed ?? new Uint8Array()).map(([time]) => time)
    expect(found).toEqual([expect.any(ExtData), 4_294_967_296, 7_258_118_399])
  })

  it("go by the time at which the event occurred, each tag in the order of the log", () => {
    const times = [
      "2025-03-31T23:59:59.999999Z",
      "2025-04-01T00:00:00.000000Z",
      "2025-01-01T00:00:00.000000Z",
    ]
    const { chunks } = chunksOf(batchOf(times.map(at)), { ...settings, suffix: "quarterly" })
    expect(
      chunks.map(({ tag, entries, packed }) => [tag, entries, entriesIn(packed).map(([, e]) => e.index)]),
    ).toEqual([
      ["clearml.apiserver.api-logs.2025Q1", 2, [0, 2]],
      ["clearml.apiserver.api-logs.2025Q2", 1, [1]],
    ])
  })

  it("have the same ids at every attempt, and other ones for another range, tag or organization", () => {
    const cut = { ...settings, suffix: "yearly", chunkBytes: 1024 } as const
    const contents = [...Array(5).keys()].map(year => at(`202${year % 2}-01-01T00:00:00.000000Z`))
    const ids = (batch: ReturnType<typeof batchOf>) => chunksOf(batch, cut).chunks.map(({ id }) => id)
    const first = ids(batchOf(contents))
    const again = ids(batchOf(contents, { at: new Date("2027-01-01") }))
    expect(again).toEqual(first)
    const all = [
      ...first,
      ...ids(batchOf(contents, { first: 5 })),
      ...ids(batchOf(contents, { organization: globex })),
    ]
    expect(first.length).toBeGreaterThan(2)
    expect(new Set(all).size).toBe(3 * first.length)
    for (const id of all) expect(Buffer.from(id, "base64")).toHaveLength(16)
  })

  it("are never larger than the receiver takes, and lose no event", () => {
    const contents = [...Array(40).keys()].map(size => ({ description: "x".repeat(size * 40) }))
    const { chunks, tooLarge } = chunksOf(batchOf(contents), { ...settings, chunkBytes: 3000 })
    expect(tooLarge).toEqual([])
    for (const { packed, entries } of chunks) {
      expect(packed.byteLength).toBeLessThanOrEqual(3000)
      expect(entriesIn(packed)).toHaveLength(entries)
    }
    const indexes = chunks.flatMap(({ packed }) => entriesIn(packed).map(([, entry]) => entry.index))
    expect(indexes).toEqual([...Array(40).keys()])
  })

  it("leave out an event that is larger than a chunk may be, and name both sizes", () => {
    const { chunks, tooLarge } = chunksOf(batchOf([{}, { description: "x".repeat(2000) }, {}]), {
      ...settings,
      chunkBytes: 2000,
    })
    expect(chunks.flatMap(({ packed }) => entriesIn(packed).map(([, entry]) => entry.index))).toEqual([0, 2])
    expect(tooLarge).toEqual([
      {
        position: 1,
        reason: expect.stringMatching(
          /^The event has 2\d{3} bytes, and the largest chunk of this sink 2000\./,
        ),
      },
    ])
  })

  it("are sent with their size, their id and their compression", async () => {
    const [chunk] = chunksOf(batchOf([{}, {}], { organization: acme }), settings).chunks
    if (chunk === undefined) throw new Error("There is no chunk.")
    const { tag, packed, id } = chunk
    expect(decode(await messageOf(chunk, false))).toEqual([
      tag,
      new Uint8Array(packed),
      { size: 2, chunk: id },
    ])
    const [, bytes, options] = decode(await messageOf(chunk, true)) as [string, Uint8Array, object]
    expect(new Uint8Array(gunzipSync(bytes))).toEqual(new Uint8Array(packed))
    expect(options).toEqual({ size: 2, chunk: id, compressed: "gzip" })
  })
})
