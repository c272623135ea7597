import { setTimeout as wait } from "node:timers/promises"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { presets } from "@/lib/audit/capture/policy"
import { type StandIn, startStandIn } from "@/sdk/test/server"
import { closeAll } from "./connection"
import { auditorium, type FetchOptions } from "./fetch"
import { auditorium as forNext } from "./next"

let server: StandIn
let key = 0

beforeEach(async () => {
  server = await startStandIn()
  const everything = { call: true, data: true, resultData: true }
  server.policy = { version: 1, policy: { ...presets.ours, default: everything, rules: [] } }
  key++
})
afterEach(async () => {
  await closeAll(50)
  await server.stop()
})

const options = (): FetchOptions => ({ url: server.url, key: `fetch ${key}`, log: () => undefined })
const known = () =>
  server.until(({ received }) => received.some(({ path }) => path === "/api/v1/capture/counts"))

async function recordedCall() {
  // Closing sends at once what would wait for more.
  for (; server.events.length === 0; await wait(5)) await closeAll(1_000)
  const [call] = server.events
  return call as unknown as {
    readonly status: string
    readonly statusMessage?: string
    readonly http: Readonly<Record<string, unknown>>
    readonly metadata: unknown
  }
}

const post = (body: BodyInit, type = "application/json") =>
  new Request("http://app.example/orders?x=1", { method: "POST", body, headers: { "content-type": type } })

/** A body that counts how much of it was asked for. */
function countingBody(pieces: number) {
  const counted = { pulled: 0, cancelled: false }
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (counted.pulled++ === pieces) controller.close()
        else controller.enqueue(new TextEncoder().encode("piece"))
      },
      cancel() {
        counted.cancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  return { counted, stream }
}

describe("a call in the style of fetch", () => {
  it.each([
    ["json", async (request: Request) => JSON.stringify(await request.json())],
    ["text", (request: Request) => request.text()],
    ["arrayBuffer", async (request: Request) => new TextDecoder().decode(await request.arrayBuffer())],
    ["blob", async (request: Request) => (await request.blob()).text()],
    ["body", (request: Request) => new Response(request.body).text()],
  ])("is recorded with the body that the application reads by %s", async (_name, read) => {
    const handler = auditorium(async request => new Response(await read(request)), options())
    await known()
    const response = await handler(post('{"order":"o-1"}'))
    expect(await response.text()).toBe('{"order":"o-1"}')
    const call = await recordedCall()
    expect(call.http).toMatchObject({ method: "POST", path: "/orders", requestBytes: 15, responseBytes: 15 })
    expect(JSON.stringify(call.metadata)).toContain('"o-1"')
  })

  it("reads a form as the platform does", async () => {
    const handler = auditorium(async request => {
      const form = await request.formData()
      return new Response(String(form.get("name")))
    }, options())
    expect(await (await handler(post("name=Ada+L", "application/x-www-form-urlencoded"))).text()).toBe(
      "Ada L",
    )
  })

  it("gives the very request to the application, and does not clone it", async () => {
    const request = post("{}")
    let cloned = 0
    request.clone = () => {
      cloned++
      return Request.prototype.clone.call(request)
    }
    let given: Request | undefined
    await auditorium(got => {
      given = got
      return new Response(null, { status: 204 })
    }, options())(request)
    expect(given).toBe(request)
    expect(cloned).toBe(0)
  })

  it("leaves a body unread that the application does not read", async () => {
    const { counted, stream } = countingBody(3)
    const request = new Request("http://app.example/", {
      method: "POST",
      body: stream,
      duplex: "half",
    } as RequestInit)
    await auditorium(() => new Response("ok"), options())(request)
    expect(counted.pulled).toBe(0)
  })

  it("asks for no more of an answer than its reader does", async () => {
    const { counted, stream } = countingBody(1_000)
    const response = await auditorium(
      () => new Response(stream),
      options(),
    )(new Request("http://app.example/"))
    expect(counted.pulled).toBe(0)
    const reader = response.body?.getReader()
    await reader?.read()
    expect(counted.pulled).toBe(1)
    await reader?.cancel()
    expect(counted.cancelled).toBe(true)
    expect(await recordedCall()).toMatchObject({ status: "failure", statusMessage: "The client went away" })
  })

  it("throws what the application throws, and is recorded as a failure", async () => {
    const handler = auditorium(() => {
      throw new Error("no such order")
    }, options())
    await expect(handler(new Request("http://app.example/x"))).rejects.toThrow("no such order")
    expect(await recordedCall()).toMatchObject({ status: "failure", http: { status: 500 } })
  })

  it("breaks off where the application's answer breaks off", async () => {
    const body = new ReadableStream({
      start: controller => controller.enqueue(new TextEncoder().encode("half")),
      pull: controller => controller.error(new Error("database gone")),
    })
    const response = await auditorium(
      () => new Response(body),
      options(),
    )(new Request("http://app.example/x"))
    await expect(response.text()).rejects.toThrow("database gone")
    expect(await recordedCall()).toMatchObject({ status: "failure" })
  })

  it("keeps status, headers and cookies of the answer", async () => {
    const answer = new Response("x", { status: 418, statusText: "Teapot", headers: { "x-a": "1" } })
    answer.headers.append("set-cookie", "a=1")
    answer.headers.append("set-cookie", "b=2")
    const response = await auditorium(() => answer, options())(new Request("http://app.example/"))
    expect([response.status, response.statusText, response.headers.get("x-a")]).toEqual([418, "Teapot", "1"])
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"])
  })
})

describe("a route handler of Next", () => {
  it.each([
    ["redirect()", "NEXT_REDIRECT;replace;/sign-in;307;", 307, "success"],
    ["notFound()", "NEXT_HTTP_ERROR_FALLBACK;404", 404, "failure"],
    ["forbidden()", "NEXT_HTTP_ERROR_FALLBACK;403", 403, "denied"],
  ])(
    "that answers by %s is recorded with its status, and throws on",
    async (_name, digest, status, outcome) => {
      const thrown = Object.assign(new Error("NEXT"), { digest })
      const audited = forNext({ ...options(), spool: false })
      const handler = audited(() => {
        throw thrown
      })
      await expect(handler(new Request("http://app.example/x"))).rejects.toBe(thrown)
      expect(await recordedCall()).toMatchObject({ status: outcome, http: { status } })
    },
  )
})
