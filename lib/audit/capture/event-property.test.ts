import { Buffer } from "node:buffer"
import { readFileSync } from "node:fs"
import { brotliCompressSync, constants, gzipSync } from "node:zlib"
import { expect, test } from "vitest"
import type { EventInput } from "@/lib/audit/event/input"
import { parseEvent } from "@/lib/audit/event/parse"
import { scanJson } from "@/lib/audit/json/scan"
import type { Fault } from "@/lib/errors"
import type { Call, CapturedBody, Headers } from "./call"
import { hideInEvent } from "./floor"
import { otherOperation } from "./operations"
import type { CapturePolicy } from "./policy"
import { profileNames } from "./profiles/profile"
import { call, everything, jwt, recorded } from "./testing/calls"

const RUNS = 10_000

type Vector = string | { readonly repeat: string; readonly times: number; readonly then: string }

function fixture<T>(name: string): T {
  return JSON.parse(readFileSync(`${import.meta.dirname}/../json/fixtures/${name}`, "utf8"))
}

const naughty = fixture<string[]>("blns.json")
const documents = Object.values(fixture<Record<string, Vector>>("jsontestsuite.json")).flatMap(vector =>
  typeof vector === "string" ? [Buffer.from(vector, "base64")] : [],
)

/** Numbers that are the same in every run. */
class Dice {
  constructor(private state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  below(most: number): number {
    return Math.floor(this.next() * most)
  }

  one<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T
  }

  is(chance: number): boolean {
    return this.next() < chance
  }

  bytes(most: number): Buffer {
    return Buffer.from(Array.from({ length: this.below(most) }, () => this.below(256)))
  }

  /** Anything that somebody may send as text, also what no text can be. */
  text(): string {
    switch (this.below(8)) {
      case 0:
        return this.bytes(40).toString("latin1")
      case 1:
        return String.fromCharCode(...Array.from({ length: this.below(20) }, () => this.below(65_536)))
      case 2:
        return `${this.one(naughty)}`.repeat(this.is(0.02) ? this.below(400) : 1)
      case 3:
        return "pin=1 ".repeat(this.is(0.1) ? this.below(500) : 3)
      case 4:
        return `${"x".repeat(this.is(0.1) ? this.below(3000) : 5)}\ud83d`
      case 5:
        return jwt({
          sub: this.one(naughty),
          name: this.one(naughty),
          exp: this.below(9),
          roles: [this.one(naughty)],
        })
      default:
        return this.one(naughty)
    }
  }
}

const paths = [
  "/v1.41/containers/create",
  "/containers/4f2c3d4e5f60/start",
  "/api/v1/namespaces/default/pods",
  "/apis/rbac.authorization.k8s.io/v1/rolebindings/x",
  "/v2.31/tasks.create",
  "/auth.create_credentials",
  "/invoices/42/approve",
  "/_ping/%2e%2e/secrets",
  "/version%2f..%2fx",
  "*",
  "",
]
const names = [
  "authorization",
  "Cookie",
  "user-agent",
  "x-clearml-impersonate-as",
  "Impersonate-User",
  "location",
  "traceparent",
]
const types = [
  null,
  "application/json",
  "application/x-ndjson",
  "application/x-www-form-urlencoded",
  "text/plain",
  "multipart/form-data; boundary=x",
  "application/problem+json",
  "x/\0",
]

function randomCall(dice: Dice): Call {
  const headers = (): Headers =>
    Array.from({ length: dice.below(5) }, () => {
      const name = dice.is(0.7) ? dice.one(names) : dice.text()
      const value = dice.text()
      if (name !== "authorization" || dice.is(0.3)) return [name, value] as const
      return [
        name,
        dice.is(0.5)
          ? `Bearer ${jwt({ sub: value, name: value, email: `${value}@`, jti: value })}`
          : `Basic ${Buffer.from(`${value}:x`).toString("base64")}`,
      ] as const
    })
  const requestBody = dice.is(0.8) ? randomBody(dice) : null
  const responseBody = dice.is(0.8) ? randomBody(dice) : null
  const path = dice.is(0.6) ? dice.one(paths) : `/${dice.text()}`
  return call("", {
    method: dice.is(0.8) ? dice.one(["GET", "POST", "PUT", "PATCH", "DELETE"]) : dice.text(),
    // Servers refuse heads that are longer.
    path: (dice.is(0.2) ? `${path}/${dice.text()}` : path).slice(0, 16_384),
    query: dice.is(0.5) ? dice.text() : null,
    headers: headers(),
    responseHeaders: headers(),
    requestId: dice.is(0.5) ? dice.text() : null,
    route: dice.is(0.2) ? dice.text() : null,
    ip: dice.is(0.5) ? dice.text() : null,
    peerIp: dice.is(0.5) ? dice.text().slice(0, 60) : null,
    state: dice.one([null, null, null, "opened", "closed"]),
    status: dice.one([200, 201, 204, 302, 401, 403, 404, 500, 101, null]),
    durationMs: dice.one([0, 3.25, 1e9, Number.NaN, -1, Number.POSITIVE_INFINITY]),
    requestBytes: requestBody?.totalBytes ?? dice.one([0, 2 ** 60, Number.NaN]),
    responseBytes: responseBody?.totalBytes ?? 0,
    requestBody,
    responseBody,
    failure: dice.one([null, null, null, "client-gone", "unreachable", "timeout", "broken-off"]),
    caller: dice.is(0.2) ? randomCaller(dice) : null,
  })
}

/** An application makes of its caller what it likes: the cast is what plain JavaScript does. */
function randomCaller(dice: Dice): Call["caller"] {
  const anything = [
    dice.text(),
    dice.below(9),
    Number.NaN,
    null,
    undefined,
    {},
    [],
    { deep: [[[dice.text()]]] },
    dice.text(),
  ]
  const some = () => dice.one(anything)
  const type = dice.one(["user", "staff", "anonymous", "nobody", ""])
  return {
    ...{
      type,
      id: some(),
      name: some(),
      email: some(),
      role: some(),
      attributes: some(),
      sessionHash: some(),
    },
    onBehalfOf: dice.is(0.5) ? { type, id: some(), name: some() } : some(),
    credential: dice.is(0.5) ? { type: some(), id: some() } : some(),
  } as unknown as Call["caller"]
}

function randomBody(dice: Dice): CapturedBody {
  const plain = randomBytes(dice)
  const contentEncoding = dice.one([null, null, null, "gzip", "br", "deflate", "made-up", dice.text()])
  const isTrue = dice.is(0.5)
  const bytes =
    isTrue && contentEncoding === "gzip"
      ? gzipSync(plain, { level: 1 })
      : isTrue && contentEncoding === "br" && plain.length < 2000
        ? brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })
        : plain
  const kept = dice.is(0.2) ? bytes.subarray(0, dice.below(bytes.length + 1)) : bytes
  const totalBytes = dice.is(0.1) ? bytes.length + dice.below(1e9) : bytes.length
  return {
    mediaType: dice.is(0.9) ? dice.one(types) : dice.text(),
    contentEncoding,
    bytes: kept,
    totalBytes,
    isEnded: dice.is(0.9),
  }
}

function randomBytes(dice: Dice): Buffer {
  switch (dice.below(7)) {
    case 0:
      return dice.bytes(300)
    case 1:
      return Buffer.from(dice.text())
    case 2:
      return Buffer.from(
        JSON.stringify({ id: dice.text(), [dice.text()]: { name: dice.text(), data: [dice.text()] } }),
      )
    case 3:
      return Buffer.from(
        `{"meta":{"id":${JSON.stringify(dice.text())},"result_code":${dice.one(["200", "1e999", "-0", '"x"'])},"result_msg":${JSON.stringify(dice.text())}},"data":{"id":${dice.below(99)}}}`,
      )
    case 4:
      return Buffer.from(
        JSON.stringify(
          Array.from({ length: dice.below(dice.is(0.1) ? 900 : 30) }, (_, at) => ({
            at,
            text: "\u{1F600}".repeat(6),
          })),
        ),
      )
    case 5:
      return Buffer.from("[".repeat(dice.below(200)) + "]".repeat(dice.below(200)))
    default:
      return dice.one(documents)
  }
}

function randomPolicy(dice: Dice): CapturePolicy {
  const flag = () => dice.one([true, true, true, false, ["id", "data.text", dice.text()]])
  const limit = () => dice.one([0, 1, 100, 8192, 12_288])
  return {
    ...everything,
    default: { call: true, data: flag(), resultData: flag() },
    categories: {
      auth: dice.is(0.8),
      headers: dice.is(0.8),
      version: dice.is(0.8),
      stats: dice.is(0.8),
      result: dice.is(0.8),
      data: dice.is(0.9),
    },
    redactIdentity: dice.is(0.2),
    idsOnly: dice.is(0.5),
    secretNames: dice.is(0.2) ? ["text"] : [],
    headerNames: dice.is(0.7) ? ["*"] : ["user-agent", "location"],
    limits: { requestBytes: limit(), responseBytes: limit() },
    licenseKey: dice.is(0.3) ? dice.text() : null,
  }
}

const context = {
  organizationId: "0199a8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b",
  appId: "0199a8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0c",
  newId: () => "0199a8f0-1c2d-7e3f-8a4b-000000000001",
}

/** What the API says of an event that comes over the wire. */
function faultsOf(event: EventInput): readonly Fault[] {
  const { value, faults } = scanJson(JSON.stringify(event))
  const parsed = parseEvent(value, context)
  return parsed.ok ? faults : [...faults, ...parsed.faults]
}

test("no header, path or body makes an event that the API refuses, and none that still holds a secret", () => {
  let named = 0
  for (let run = 0; run < RUNS; run += 1) {
    const dice = new Dice(run)
    const made = randomCall(dice)
    const event = recorded(dice.one(profileNames), made, randomPolicy(dice))
    const faults = faultsOf(event)
    if (faults.length > 0) throw new Error(`Run ${run} is refused: ${JSON.stringify(faults)}`)
    const { hidden } = hideInEvent(event)
    if (hidden.length > 0) throw new Error(`Run ${run} holds secrets: ${JSON.stringify(hidden)}`)
    if (event.operation !== otherOperation) named += 1
  }
  // The calls are not all strange ones.
  expect(named).toBeGreaterThan(RUNS / 4)
})
