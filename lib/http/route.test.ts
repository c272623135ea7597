import { beforeAll, describe, expect, test } from "vitest"
import { z } from "zod"
import { authenticateApiKey } from "@/lib/access/keys/authenticate"
import type { KeyScheme } from "@/lib/access/keys/key-scheme"
import type { Principal } from "@/lib/access/principal"
import { AppError, type ErrorCode } from "@/lib/errors"
import { createApiKey } from "@/lib/operations/api-keys/create"
import { describeKey } from "@/lib/operations/api-keys/describe"
import { createApp } from "@/lib/operations/apps/create"
import { execute } from "@/lib/operations/core/execute"
import { operation } from "@/lib/operations/core/operation"
import { job } from "@/lib/operations/fixtures/access"
import { home, setUpHome } from "@/lib/operations/fixtures/home"
import { platform } from "@/test/platform"
import type { Dialect } from "./dialect"
import { methods } from "./methods"
import { route } from "./route"

setUpHome(beforeAll)

const makeKey = async (allowedNetworks: readonly string[] = []) =>
  (
    await execute(createApiKey, job(home), {
      app: "billing",
      name: "a key",
      scopes: ["LOG-INGESTION"],
      expiresAt: null,
      allowedNetworks,
    })
  ).key

let key: string
beforeAll(async () => {
  await execute(createApp, job(home), { slug: "billing", name: "Billing" })
  key = await makeKey()
})

/** An operation that fails as the test wants. */
const fail = (error: unknown) =>
  operation({
    name: "test.fail",
    summary: "Fails.",
    permission: "public",
    effect: "read",
    input: z.unknown(),
    run: async (): Promise<never> => {
      throw error
    },
  })

const send = (
  handler: ReturnType<typeof route>,
  authorization: string | null,
  url = "http://localhost/api/v1/key",
) =>
  handler(new Request(url, { headers: { "x-request-id": "r-1", ...(authorization && { authorization }) } }), {
    params: Promise.resolve(undefined),
  })

/** Everything of a response, so that one byte more or less is noticed. */
const whole = async (response: Response) => ({
  status: response.status,
  headers: Object.fromEntries(response.headers),
  body: await response.text(),
})

/** The statuses of another API. */
const statuses: Partial<Record<ErrorCode, number>> = {
  unauthenticated: 470,
  "rate-limited": 471,
  internal: 570,
}

/** Another API: XML instead of JSON, statuses of its own, and keys with `Key` instead of `Bearer`. */
const other: Dialect = {
  scheme: {
    usage: "the header `Authorization: Key <key>`",
    challenge: 'Key realm="other"',
    keyOf: text => /^Key (\S+)$/.exec(text)?.[1] ?? null,
  },
  answer: (output, requestId) =>
    xml(270, `<done id="${requestId}" name="${Reflect.get(Object(output), "name")}"/>`),
  refuse: ({ code, message, rateLimit }, requestId) =>
    xml(statuses[code] ?? 499, `<no id="${requestId}" left="${rateLimit?.remaining}">${message}</no>`, {
      ...(code === "unauthenticated" && { "www-authenticate": other.scheme.challenge }),
    }),
  refuseMethod: (allowed, requestId) => xml(472, `<only id="${requestId}">${allowed.join()}</only>`),
}

const xml = (status: number, body: string, headers: Record<string, string> = {}) =>
  new Response(body, { status, headers: { "content-type": "text/xml", ...headers } })

describe("a route without a dialect", () => {
  const ours = route(describeKey, { authenticate: "api-key", input: () => ({}) })
  const common = { "cache-control": "no-store", "x-content-type-options": "nosniff", "x-request-id": "r-1" }

  test("answers with JSON", async () => {
    const { status, headers, body } = await whole(await send(ours, `Bearer ${key}`))
    expect([status, headers]).toEqual([200, { ...common, "content-type": "application/json; charset=utf-8" }])
    expect(JSON.parse(body)).toMatchObject({ name: "a key", permissions: ["LOG-INGESTION"] })
  })

  test.each([
    ["no key", null, "", "Send the API key in the header `Authorization: Bearer <key>`."],
    ["another scheme", "Key abc", "", "Send the API key in the header `Authorization: Bearer <key>`."],
    [
      "a key in the url",
      null,
      "?token=x",
      "Send the API key in the header `Authorization: Bearer <key>`, never in the address. Revoke this key: addresses are kept in logs.",
    ],
    [
      "a wrong key",
      "Bearer abc",
      "",
      "The API key is unknown, malformed, expired, revoked, or not allowed from this address.",
    ],
  ])("refuses %s with a problem document, byte for byte", async (_, authorization, query, detail) => {
    expect(await whole(await send(ours, authorization, `http://localhost/api/v1/key${query}`))).toEqual({
      status: 401,
      headers: {
        ...common,
        "content-type": "application/problem+json; charset=utf-8",
        "www-authenticate": 'Bearer realm="auditorium"',
      },
      body: JSON.stringify({
        type: "urn:problem:auditorium:unauthenticated",
        title: "Not signed in",
        status: 401,
        detail,
        code: "unauthenticated",
        requestId: "r-1",
      }),
    })
  })

  test("says how much is left of a limit, because the error carries it", async () => {
    const rateLimit = { limitPerSecond: 7, remaining: 0, resetSeconds: 2 }
    const slow = fail(new AppError("rate-limited", "Slower.", { rateLimit }))
    const { status, headers } = await whole(
      await send(route(slow, { authenticate: "api-key", input: () => ({}) }), null),
    )
    expect([status, headers]).toMatchObject([
      429,
      { "ratelimit-limit": "7", "ratelimit-remaining": "0", "ratelimit-reset": "2", "retry-after": "2" },
    ])
  })
})

describe("a route with another dialect", () => {
  const options = { authenticate: "api-key", input: () => ({}), dialect: other } as const
  const theirs = route(describeKey, options)

  test("takes keys in the other scheme, and answers with the other body and status", async () => {
    expect(await whole(await send(theirs, `Key ${key}`))).toEqual({
      status: 270,
      headers: { "content-type": "text/xml" },
      body: '<done id="r-1" name="a key"/>',
    })
  })

  test.each([
    [
      "the scheme of our own API",
      () => `Bearer ${key}`,
      "",
      "Send the API key in the header `Authorization: Key <key>`.",
    ],
    [
      "a key in the url",
      () => `Key ${key}`,
      "?token=x",
      "Send the API key in the header `Authorization: Key <key>`, never in the address. Revoke this key: addresses are kept in logs.",
    ],
    [
      "a wrong key",
      () => "Key abc",
      "",
      "The API key is unknown, malformed, expired, revoked, or not allowed from this address.",
    ],
  ])("refuses %s in the other words", async (_, authorization, query, words) => {
    const response = await send(theirs, authorization(), `http://localhost/api/v1/key${query}`)
    expect(await whole(response)).toEqual({
      status: 470,
      headers: { "content-type": "text/xml", "www-authenticate": 'Key realm="other"' },
      body: `<no id="r-1" left="undefined">${words}</no>`,
    })
  })

  test("finds the rate limit in the error, and nothing of the inside", async () => {
    const rateLimit = { limitPerSecond: 7, remaining: 3, resetSeconds: 2 }
    const slow = route(fail(new AppError("rate-limited", "Slower.", { rateLimit })), options)
    expect(await whole(await send(slow, null))).toMatchObject({
      status: 471,
      body: '<no id="r-1" left="3">Slower.</no>',
    })
    const broken = await whole(await send(route(fail(new Error("at /srv/db.ts")), options), null))
    expect(broken.status).toBe(570)
    expect(broken.body).not.toContain("/srv")
  })

  test("refuses a wrong method in it", async () => {
    const { PUT, HEAD } = methods({ GET: theirs }, other)
    expect(await whole(await send(PUT, `Key ${key}`))).toEqual({
      status: 472,
      headers: { "content-type": "text/xml" },
      body: '<only id="r-1">GET,HEAD</only>',
    })
    expect(await whole(await send(HEAD, `Key ${key}`))).toMatchObject({ status: 270, body: "" })
  })
})

describe("authentication by key", () => {
  const metadata: KeyScheme = {
    usage: "the metadata `x-key`",
    challenge: "",
    keyOf: text => (text.startsWith("raw:") ? text.slice(4) : null),
  }
  const identify = (authorization: string | null, ip: string | null = null): Promise<Principal> =>
    authenticateApiKey({ authorization, scheme: metadata, ip }, platform.keys, new Date())

  test("needs an authorisation and an ip, and no request", async () => {
    expect(await identify(`raw:${key}`)).toMatchObject({ kind: "api-key", organization: { id: home.id } })
    expect(await identify(null)).toMatchObject({ kind: "anonymous" })
    await expect(identify(`Bearer ${key}`)).rejects.toMatchObject({
      code: "unauthenticated",
      message: "Send the API key in the metadata `x-key`.",
    })
  })

  test("checks the ip against the networks of the key", async () => {
    const limited = await makeKey(["198.51.100.0/24"])
    expect(await identify(`raw:${limited}`, "198.51.100.7")).toMatchObject({ kind: "api-key" })
    for (const ip of ["203.0.113.7", null]) {
      await expect(identify(`raw:${limited}`, ip)).rejects.toMatchObject({ code: "unauthenticated" })
    }
  })
})
