import { randomBytes } from "node:crypto"
import { gzipSync } from "node:zlib"
import { describe, expect, test } from "vitest"
import type { AppError } from "@/lib/errors"
import { type BodyLimits, bodyPieces, readBody } from "./body"

const limits: BodyLimits = {
  maximumBytes: 64 * 1024,
  mediaTypes: ["application/json", "application/x-ndjson"],
}

function request(body: BodyInit | null, headers: Record<string, string> = {}): Request {
  const init = {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...headers },
    duplex: "half",
  }
  return new Request("http://localhost/", init)
}

async function refusal(body: BodyInit | null, headers?: Record<string, string>): Promise<string> {
  return readBody(request(body, headers), limits).then(
    () => "read",
    (error: AppError) => error.code,
  )
}

/** A stream that repeats `chunk` and counts how often it was read. */
function endless(chunk: Uint8Array) {
  const state = { given: 0, cancelled: false }
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        state.given += 1
        controller.enqueue(chunk)
      },
      cancel() {
        state.cancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  return { stream, state }
}

describe("a body", () => {
  test("is read whole, plain or gzip", async () => {
    const plain = await readBody(request("{}"), limits)
    const zipped = await readBody(request(gzipSync("[1,2]"), { "content-encoding": "gzip" }), limits)
    expect([plain.mediaType, Buffer.from(plain.bytes).toString()]).toEqual(["application/json", "{}"])
    expect(Buffer.from(zipped.bytes).toString()).toBe("[1,2]")
  })

  test("a stream over the limit is refused after the limit and cancelled", async () => {
    const { stream, state } = endless(new Uint8Array(16 * 1024))
    expect(await refusal(stream)).toBe("too-large")
    expect(state).toEqual({ given: 5, cancelled: true })
  })

  test("an announced size over the limit is refused unread", async () => {
    const { stream, state } = endless(new Uint8Array(1))
    expect(await refusal(stream, { "content-length": "70000" })).toBe("too-large")
    expect(state.given).toBe(0)
  })

  test("a zip bomb is refused without being unfolded", async () => {
    const bomb = gzipSync(Buffer.alloc(60_000_000))
    expect(bomb.byteLength).toBeLessThan(limits.maximumBytes)
    const before = process.memoryUsage().rss
    for (let round = 0; round < 20; round += 1) {
      expect(await refusal(bomb, { "content-encoding": "gzip" })).toBe("too-large")
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000)
  })

  test("of which the reader wants no more is not read, nor unpacked, any further, and charged as it was announced", async () => {
    const charges: number[] = []
    const rate = { refuseHaste: () => {}, charge: (bytes: number) => void charges.push(bytes) }
    const readFirst = async (sent: Request, most = limits) => {
      for await (const piece of bodyPieces(sent, most, rate).pieces) return piece.byteLength
    }
    const { stream, state } = endless(new Uint8Array(16 * 1024))
    expect(await readFirst(request(stream))).toBe(16 * 1024)
    expect(state).toEqual({ given: 1, cancelled: true })
    const larger = { ...limits, maximumBytes: 5 * 1024 * 1024 }
    const packed = request(gzipSync(Buffer.alloc(1_000_000)), { "content-encoding": "gzip" })
    expect(await readFirst(packed, larger)).toBe(64 * 1024)
    const bomb = request(gzipSync(Buffer.alloc(9_000_000)), { "content-encoding": "gzip" })
    await expect(readFirst(bomb, larger)).rejects.toMatchObject({ code: "too-large" })
    const announcing = request(endless(new Uint8Array(1_000)).stream, { "content-length": "50000" })
    await readFirst(announcing)
    expect(charges).toEqual([16 * 1024, 1_000_000, larger.maximumBytes, 50_000])
  })

  test("that says it is too large is refused before its reader sees any of it, unless it is cut off", async () => {
    const most = { ...limits, maximumBytes: 5 * 1024 * 1024 }
    const gzip = { "content-encoding": "gzip" }
    const seen: number[] = []
    const outcome = async (bytes: Uint8Array<ArrayBuffer>) => {
      try {
        for await (const piece of bodyPieces(request(bytes, gzip), most).pieces) seen.push(piece.byteLength)
        return "read"
      } catch (error) {
        return (error as AppError).code
      }
    }
    const bomb = gzipSync(Buffer.alloc(9_000_000))
    // Half of it is not gzip, which only a reader that continues beyond the limit finds.
    bomb.fill(0xff, Math.floor(bomb.byteLength / 2))
    expect(await outcome(new Uint8Array(bomb))).toBe("too-large")
    expect(seen).toEqual([])
    const batch = gzipSync(randomBytes(200_000))
    for (const cut of [1, 4, 9, 5_000]) {
      expect(await outcome(new Uint8Array(batch.subarray(0, batch.length - cut)))).toBe("malformed")
    }
    expect(await outcome(new Uint8Array(batch))).toBe("read")
  })

  test("is charged by what was read when it breaks off, whatever it announced", async () => {
    const charges: number[] = []
    const rate = { refuseHaste: () => {}, charge: (bytes: number) => void charges.push(bytes) }
    let given = 0
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (given++ < 3) controller.enqueue(new Uint8Array(1_000))
        else controller.error(new Error("aborted"))
      },
    })
    const sent = request(broken, { "content-length": "60000" })
    await expect(readBody(sent, limits, rate)).rejects.toMatchObject({ code: "malformed" })
    expect(charges).toEqual([3_000])
  })

  test("gzip that ends early or is none is malformed", async () => {
    const whole = gzipSync(Buffer.from("x".repeat(1000)))
    expect(await refusal(whole.subarray(0, whole.length - 9), { "content-encoding": "gzip" })).toBe(
      "malformed",
    )
    expect(await refusal("{}", { "content-encoding": "gzip" })).toBe("malformed")
  })

  test("a body that breaks off is malformed", async () => {
    const broken = new ReadableStream({
      pull(controller) {
        controller.error(new Error("aborted"))
      },
    })
    expect(await refusal(broken)).toBe("malformed")
  })

  test.each([
    [{ "content-type": "text/plain" }],
    [{ "content-type": "" }],
    [{ "content-type": "application/json; charset=utf-16" }],
    [{ "content-encoding": "br" }],
    [{ "content-encoding": "gzip, gzip" }],
  ])("%j is not understood", async headers => {
    expect(await refusal("{}", headers)).toBe("unsupported-media-type")
  })

  test("parameters of the media type that change nothing are accepted", async () => {
    expect(await refusal("{}", { "content-type": 'Application/JSON; charset="UTF-8"' })).toBe("read")
    expect(await refusal("{}", { "content-type": "application/x-ndjson;profile=x" })).toBe("read")
  })
})
