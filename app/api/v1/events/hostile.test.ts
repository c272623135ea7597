import { randomUUID } from "node:crypto"
import { readFileSync } from "node:fs"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Api, anEvent, readSent, startApi } from "@/app/api/fixtures/api"

/** Base64 of a file, or a text that is too long to store. */
type Vector = string | { readonly repeat: string; readonly times: number; readonly then: string }

const folder = path.resolve(import.meta.dirname, "../../../../lib/audit/json/fixtures")
const read = (name: string) => JSON.parse(readFileSync(path.join(folder, name), "utf8"))
const suite: Readonly<Record<string, Vector>> = read("jsontestsuite.json")
const naughty: readonly string[] = read("blns.json")

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

function bytesOf(vector: Vector): Uint8Array<ArrayBuffer> {
  if (typeof vector === "string") return new Uint8Array(Buffer.from(vector, "base64"))
  return new Uint8Array(Buffer.from(vector.repeat.repeat(vector.times) + vector.then))
}

async function statusOf(vector: Vector, type?: string): Promise<number> {
  const response = await api.call("POST", "/api/v1/events", { body: bytesOf(vector), type })
  await response.arrayBuffer()
  return response.status
}

const named = (prefix: string) => Object.entries(suite).filter(([name]) => name.startsWith(prefix))

describe("files of the JSON test suite", () => {
  test("that are no JSON are 4xx, sent as a whole and as lines, and nothing of them is kept", async () => {
    const files = named("n_")
    expect(files.length).toBe(188)
    for (const [name, vector] of files) {
      expect([name, await statusOf(vector)]).toEqual([name, 400])
      const asLines = await statusOf(vector, "application/x-ndjson")
      expect([name, asLines === 422 || asLines === 400]).toEqual([name, true])
    }
    expect(await readSent(api)).toEqual([])
  })

  test("that are JSON, or may be, are no event: refused with words, never an error of ours", async () => {
    const files = [...named("y_"), ...named("i_")]
    expect(files.length).toBe(130)
    for (const [name, vector] of files) {
      expect([name, [400, 422].includes(await statusOf(vector))]).toEqual([name, true])
    }
    expect(await readSent(api)).toEqual([])
  })
})

describe("hostile text", () => {
  test("of the list of naughty strings comes back byte for byte, one event and page and export", async () => {
    // Some of the list contain a NUL or half a surrogate pair, which no event can contain.
    const texts = naughty.filter(text => text !== "" && text.isWellFormed() && !text.includes("\0"))
    expect(texts.length).toBeGreaterThan(500)
    const sent = texts.map(text => ({
      ...anEvent({ occurredAt: "2026-11-20T10:00:00Z" }),
      id: randomUUID(),
      description: text,
      actor: { type: "user", id: text.slice(0, 512), name: text.slice(0, 256) },
      metadata: { [text]: text },
      source: { ip: text.slice(0, 512), userAgent: text.slice(0, 1024) },
    }))
    const answer = await api.call("POST", "/api/v1/events", { body: JSON.stringify(sent) })
    expect([answer.status, (await answer.json()).accepted]).toEqual([201, sent.length])

    const exported = await api.call("GET", "/api/v1/events/export?format=jsonl&window=all&app=billing")
    const kept = (await exported.text())
      .trimEnd()
      .split("\n")
      .map(line => JSON.parse(line))
    const byId = new Map(kept.map(event => [event.id, event]))
    for (const event of sent) {
      const found = byId.get(event.id)
      expect(found?.description).toBe(event.description)
      expect(found?.actor).toEqual(event.actor)
      expect(found?.metadata).toEqual(event.metadata)
      expect(found?.source.ipText).toBe(event.source.ip)
    }

    const [first] = sent
    const one = await (await api.call("GET", `/api/v1/events/${first?.id}`)).json()
    expect(one.event).toEqual(byId.get(first?.id))
    const page = await (await api.call("GET", "/api/v1/events?window=all&app=billing&limit=1")).json()
    expect(page.events[0]).toEqual(byId.get(page.events[0].id))
  })

  test("twins of normal forms, direction marks and emoji stay what they are", async () => {
    const texts = [
      "\u00e9",
      "e\u0301",
      "\u202eabc\u202c",
      "👩‍👩‍👧",
      "\u{10FFFF}",
      "\uFEFFx",
      "__proto__",
      "constructor",
    ]
    for (const text of texts) {
      const id = randomUUID()
      const body = `{"id":"${id}","operation":"a.b","status":"success","actor":{"type":"user","id":${JSON.stringify(text)}},"metadata":{${JSON.stringify(text)}:{"__proto__":1}}}`
      expect((await api.call("POST", "/api/v1/events", { body })).status).toBe(201)
      const answer = await (await api.call("GET", `/api/v1/events/${id}`)).text()
      expect(JSON.parse(answer).event.actor.id).toBe(text)
      expect(answer).toContain(`${JSON.stringify(text)}:{"__proto__":1}`)
    }
    expect(Object.hasOwn(Object.prototype, "1")).toBe(false)
  })

  test.each([
    ["a NUL", String.raw`"\u0000"`],
    ["half a surrogate pair", String.raw`"\ud800"`],
    ["an integer above 2^53", "9007199254740993"],
    ["a number that is no double", "1e400"],
    ["a number that loses digits", "0.1000000000000000055511151231257827"],
  ])("%s is refused with a pointer to it", async (_, value) => {
    const event = JSON.stringify(anEvent({ metadata: { value: "HERE" } })).replace('"HERE"', value)
    const answer = await api.call("POST", "/api/v1/events", { body: event })
    expect([answer.status, (await answer.json()).errors[0].pointer]).toEqual([422, "/metadata/value"])
  })

  test("minus zero becomes zero, as the canonical form writes it", async () => {
    const id = randomUUID()
    const event = JSON.stringify(anEvent({ id, metadata: { value: "HERE" } })).replace('"HERE"', "-0")
    expect((await api.call("POST", "/api/v1/events", { body: event })).status).toBe(201)
    const found = await (await api.call("GET", `/api/v1/events/${id}`)).json()
    expect(Object.is(found.event.metadata.value, 0)).toBe(true)
  })
})
