import { expect, test } from "vitest"
import { type OutboundAnswer, OutboundError, type OutboundTrouble } from "@/lib/outbound/outbound"
import {
  answerText,
  retryAfterMs,
  sinkErrorOf,
  sinkErrorOfAnswer,
  troubleOfStatus,
  withoutSecrets,
} from "./http-answer"
import { SinkError } from "./sink"

const now = new Date("2026-11-30T12:00:00Z")

function answer(
  status: number,
  body: string | Uint8Array = "",
  headers: Record<string, string> = {},
): OutboundAnswer {
  return { status, headers, body: Buffer.from(body), isCut: false }
}

test.each([
  ["gone", [410]],
  ["configuration", [300, 301, 302, 303, 304, 307, 308, 401, 403, 404, 405, 407, 501, 505]],
  ["later", [100, 199, 408, 409, 421, 423, 425, 429, 500, 502, 503, 504, 599, 600, 999]],
  ["refused", [400, 402, 406, 411, 413, 414, 415, 418, 422, 431, 451, 499]],
])("a status means %s: %j", (meaning, statuses) => {
  for (const status of statuses) expect(troubleOfStatus(status), String(status)).toBe(meaning)
})

test.each<[string, number | undefined]>([
  ["0", 0],
  ["120", 120_000],
  [" 7 ", 7_000],
  ["Mon, 30 Nov 2026 12:00:30 GMT", 30_000],
  ["Mon, 30 Nov 2026 11:00:00 GMT", 0],
  ["-1", undefined],
  ["1.5", undefined],
  ["9999999999", undefined],
  ["soon", undefined],
  ["2026", 2_026_000],
  ["", undefined],
])("Retry-After %j is a pause of %j ms", (text, pause) => {
  expect(retryAfterMs(answer(503, "", { "retry-after": text }), now)).toBe(pause)
})

test("an answer is shown on one line, at most 1 KiB of it, whatever bytes it has", () => {
  expect(answerText(answer(500, "a\r\n\u0000\u001b[31mb\u2028\u202ec"))).toBe("It answered 500: a [31mb c")
  expect(answerText(answer(500, Uint8Array.of(0xff, 0xfe, 0x41)))).toContain("A")
  expect(answerText(answer(204))).toBe("It answered 204.")
  const long = answerText(answer(500, "é".repeat(64 * 1024)))
  expect(Buffer.byteLength(long)).toBeLessThan(1_100)
  expect(long).not.toContain("\uFFFD")
})

test("a secret that a receiver sends back is not shown, in none of its forms", () => {
  const secrets = { token: 'a"b/ü+c', other: "" }
  const forms = [
    secrets.token,
    Buffer.from(secrets.token).toString("base64"),
    encodeURIComponent(secrets.token),
  ]
  for (const form of [...forms, JSON.stringify(secrets.token)]) {
    const shown = answerText(answer(401, `your token ${form} is wrong`), secrets)
    expect(shown).toContain("[token]")
    expect(shown).not.toContain(form)
  }
  const across = `${"a".repeat(1_015)}${secrets.token}`
  expect(answerText(answer(401, across), secrets)).not.toContain('a"b')
  expect(withoutSecrets("nothing", secrets)).toBe("nothing")
})

test.each<[OutboundTrouble, string]>([
  ["refused", "configuration"],
  ["invalid", "configuration"],
  ["tls", "configuration"],
  ["timeout", "later"],
  ["unreachable", "later"],
  ["broken", "later"],
])("a connection that was %s is for the sink: %s", (trouble, expected) => {
  expect(sinkErrorOf(new OutboundError(trouble, "why"))).toMatchObject({ trouble: expected, message: "why" })
})

test("a fault of ours is not made into one of the receiver", () => {
  const fault = new TypeError("ours")
  expect(sinkErrorOf(fault)).toBe(fault)
})

test("an error of an answer keeps the pause, and a redirect says nothing of where it leads", () => {
  const busy = sinkErrorOfAnswer("later", answer(429, "slow down", { "retry-after": "3" }), { now })
  expect(busy).toBeInstanceOf(SinkError)
  expect(busy).toMatchObject({ retryAfterMs: 3_000, message: "It answered 429: slow down" })
  const moved = sinkErrorOfAnswer(
    "configuration",
    answer(302, "see inside", { location: "http://inside/" }),
    { now },
  )
  expect(moved.message).toContain("Redirects are not followed")
  expect(moved.message).not.toContain("inside")
  expect(moved.retryAfterMs).toBeUndefined()
})
